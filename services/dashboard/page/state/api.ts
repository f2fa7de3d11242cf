/**
 * Asking the server of the page.
 */
import type { Refusal, StartRound } from '../../wire.js';

/** An answer that was no success. */
export class RefusedError extends Error {
  readonly code: string;

  constructor({ code, message }: Refusal) {
    super(message);
    this.code = code;
  }
}

/** Errors: RefusedError; a TypeError when nobody answers. */
export async function getDocument<Document>(path: string): Promise<Document> {
  return (await (await checked(await fetch(path))).json()) as Document;
}

/** Changes something, with the key of the page. Errors: as above. */
export async function post<Document>(
  path: string,
  body: unknown,
  key: string | undefined,
): Promise<Document> {
  return (await (await send(path, body, key)).json()) as Document;
}

/** A round that was started, with its record as it comes. */
export interface StartedRound {
  readonly number: number;
  readonly record: ReadableStream<Uint8Array>;
}

/** Errors: as above. */
export async function postRound(request: StartRound, key: string | undefined): Promise<StartedRound> {
  const answer = await send('/api/rounds/trace.jsonl', request, key);
  const [, number] = /^\/api\/rounds\/(\d+)\//.exec(answer.headers.get('location') ?? '') ?? [];
  return { number: Number(number), record: bodyOf(answer) };
}

/** The answer itself, for one that is read as it comes. Errors: as above. */
export async function openStream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  return bodyOf(await checked(await fetch(path, { signal })));
}

async function send(path: string, body: unknown, key: string | undefined): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key ?? ''}` };
  return checked(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }));
}

function bodyOf({ body }: Response): ReadableStream<Uint8Array> {
  if (body === null) throw new RefusedError({ code: 'unavailable', message: 'the answer is empty' });
  return body;
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const unknown = { code: 'unavailable', message: `the server answers ${answer.status}` };
  throw new RefusedError(await answer.json().then(asRefusal, () => unknown));
}

function asRefusal(document: unknown): Refusal {
  const { code = 'internal', message = '' } = document as Partial<Refusal>;
  return { code, message };
}
