/**
 * What the record of the shown round says about who did wrong: asked of the orchestrator, or made here of a round of the core.
 */
import { effect, signal } from '@preact/signals';
import {
  collectEvidence,
  type Entry,
  idealSigning,
  type Proven,
  type RecordEntry,
} from '../../../consensus/index.js';
import { fromHex, type Trace, type TraceEntry, toHex } from '../../../record/index.js';
import type { EvidenceFacts } from '../../wire.js';
import { getDocument, RefusedError } from './api.js';
import { stage, subject } from './app.js';

export type Gathered =
  | { readonly kind: 'none' }
  | { readonly kind: 'there'; readonly evidence: EvidenceFacts }
  /** Too much to look through, or nobody answers. */
  | { readonly kind: 'not-there'; readonly because: string };

export const gathered = signal<Gathered>({ kind: 'none' });

/** Gathers the evidence of every round that is over, as soon as it is shown. */
export function gatherEvidence(): void {
  effect(() => {
    const [shown, ended, trace] = [subject.value, stage.ended.value, stage.trace.value];
    gathered.value = { kind: 'none' };
    if (ended === undefined || trace === undefined) return;
    if (shown.kind === 'round') void ask(shown.number);
    else gathered.value = { kind: 'there', evidence: fromTrace(trace) };
  });
}

async function ask(number: number): Promise<void> {
  const isShown = (): boolean => subject.value.kind === 'round' && subject.value.number === number;
  try {
    const evidence = await getDocument<EvidenceFacts>(`/api/rounds/${number}/evidence`);
    if (isShown()) gathered.value = { kind: 'there', evidence };
  } catch (error) {
    const because = error instanceof RefusedError ? error.message : 'the orchestrator does not answer';
    if (isShown()) gathered.value = { kind: 'not-there', because };
  }
}

/** Signatures of such a round are those of the model, where nobody can forge by assumption. */
function fromTrace({ started, events }: Trace): EvidenceFacts {
  const { setting, order, inputs } = started;
  const entries = events.flatMap((event): RecordEntry[] => {
    if (event.kind === 'closed') return [{ kind: 'close', phase: event.phase }];
    if (event.kind !== 'message' || !event.message.counts) return [];
    const { phase, from, to, entries: said } = event.message;
    return [{ kind: 'message', message: { phase, from, to, entries: said.map(plainEntry) } }];
  });
  const given = inputs === undefined ? {} : { inputs: new Map(Object.entries(inputs)) };
  const signing = idealSigning('', 'simulated');
  const keys = setting.generals.map((general) => ({
    general,
    publicKey: new Uint8Array(),
    verify: (bytes: Uint8Array, signature: Uint8Array) => signing.verify(general, bytes, signature),
  }));
  const { proven, ...others } = collectEvidence({ setting, order, ...given, signing, entries }, keys);
  return { ...others, proven: proven.map(provenFacts) };
}

function plainEntry({ path, vote, signatures }: TraceEntry): Entry {
  return signatures === undefined ? { path, vote } : { path, vote, signatures: signatures.map(fromHex) };
}

function provenFacts({ signer, instance, publicKey, orders }: Proven): EvidenceFacts['proven'][number] {
  const facts = orders.map(({ vote, bytes, signature }) => ({
    vote,
    bytes: toHex(bytes),
    signature: toHex(signature),
  }));
  return { signer, instance, publicKey: toHex(publicKey), orders: facts };
}
