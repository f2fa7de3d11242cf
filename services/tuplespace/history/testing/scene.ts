/**
 * Builds small histories for tests, call by call; they go through the text of a file, as all histories do.
 */
import { stringify } from '../../stores/memory/tagged-json.js';
import type { Template } from '../../template.js';
import type { Tuple } from '../../tuple.js';
import { type CheckOptions, checkHistory, type HistoryReport, type RuleReport } from '../check.js';
import {
  defaultTolerances,
  type HistoryHeader,
  historySchema,
  type MarkKind,
  type SeenTuple,
} from '../history.js';
import { readHistory } from '../reader.js';
import { type CallKind, encodeHeader, encodeRecord, type HistoryRecord } from '../records.js';

/** When a call was made and when it ended, in ms; without an end its outcome is unknown. */
export type Span = readonly [fromMs: number, untilMs?: number];

interface Terms {
  readonly client?: string;
  readonly space?: string;
  /** It ended so instead of with its answer. */
  readonly fail?: 'failed_precondition' | 'resource_exhausted';
  readonly requestId?: { readonly session: string; readonly sequence: number };
  readonly revision?: bigint;
}

export class Scene {
  readonly #entries: HistoryRecord[] = [];
  readonly #header: HistoryHeader;
  readonly #ids = new Map<string, bigint>();
  #lastOp = 0;
  #lastRevision = 0n;

  constructor(header: Partial<HistoryHeader> = {}) {
    this.#header = {
      schema: historySchema,
      backend: 'redis',
      durability: 'power-loss',
      replicaCount: 2,
      tolerances: defaultTolerances,
      labels: {},
      ...header,
    };
  }

  write(
    span: Span,
    values: Tuple,
    more: Terms & { ttlMs?: number; unless?: Template; by?: Tuple; id?: bigint } = {},
  ): this {
    const { ttlMs, unless, requestId, by, id } = more;
    const revision = this.#revision(more);
    const answer =
      by === undefined
        ? { kind: 'written', ids: [id ?? this.#idOf(values)], revision }
        : { kind: 'blocked', by: this.#seen(by), revision };
    return this.#call('write', span, more, { tuples: [values], ttlMs, unless, requestId }, answer);
  }

  read(
    span: Span,
    template: Template,
    found: readonly Tuple[],
    more: Terms & {
      limit?: number;
      min?: number;
      waitMs?: number;
      countOnly?: boolean;
      count?: number;
      id?: bigint;
      includeHeld?: boolean;
    } = {},
  ): this {
    const { limit, min = 0, waitMs, countOnly, includeHeld, id } = more;
    const count = more.count ?? found.length;
    const tuples = found.map((values) => this.#seen(values, { id }));
    const answer = { tuples, count, isSatisfied: count >= min, revision: this.#revision(more) };
    const request = { templates: [template], limit, min, waitMs, countOnly, includeHeld };
    return this.#call('read', span, more, request, answer);
  }

  take(
    span: Span,
    template: Template,
    found: readonly Tuple[],
    more: Terms & {
      max?: number;
      waitMs?: number;
      holdMs?: number;
      token?: string;
      deliveryCount?: number;
    } = {},
  ): this {
    const { max, waitMs, holdMs, requestId, token, deliveryCount } = more;
    const tuples = found.map((values) => this.#seen(values, { deliveryCount }));
    const answer = { tuples, holdToken: token, revision: this.#revision(more) };
    return this.#call('take', span, more, { templates: [template], max, waitMs, holdMs, requestId }, answer);
  }

  settle(
    span: Span,
    holdToken: string,
    action: 'commit' | 'release' | 'extend',
    more: Terms & { tuples?: readonly Tuple[]; holdMs?: number } = {},
  ): this {
    const { tuples, holdMs, requestId } = more;
    const answer = {
      ids: (tuples ?? []).map((values) => this.#idOf(values)),
      revision: this.#revision(more),
    };
    return this.#call('settle', span, more, { holdToken, action, tuples, holdMs, requestId }, answer);
  }

  /** Frames: the revision, with what was written in it. */
  watch(
    span: Span,
    templates: readonly Template[],
    frames: readonly (readonly [atMs: number, revision: bigint, kind: 'written' | 'taken', values?: Tuple])[],
  ): this {
    this.#call('watch', span, {}, { templates, fromRevision: 0n }, {});
    for (const [atMs, revision, kind, values] of frames) {
      const events = values === undefined ? [] : [{ kind, tuple: this.#seen(values) }];
      this.#entries.push({ event: 'frame', op: this.#lastOp, atMs, revision, events });
    }
    return this;
  }

  mark(atMs: number, mark: MarkKind): this {
    this.#entries.push({ event: 'mark', atMs, mark, name: '' });
    return this;
  }

  /** Takes what is left. */
  drain(atMs: number, template: Template, found: readonly Tuple[]): this {
    return this.mark(atMs, 'drain').take([atMs, atMs + 1], template, found, { client: 'drain', max: 1_000 });
  }

  /** The lines, by time. */
  lines(): readonly string[] {
    const sorted = this.#entries.toSorted((left, right) => left.atMs - right.atMs);
    return [encodeHeader(this.#header), ...sorted.map(encodeRecord)];
  }

  async report(options?: CheckOptions): Promise<HistoryReport> {
    return checkHistory(await readHistory(this.lines()), options);
  }

  /** What one rule found. */
  async rule(id: string, options?: CheckOptions): Promise<RuleReport> {
    const found = (await this.report(options)).rules.find((rule) => rule.id === id);
    if (found === undefined) throw new Error(`there is no rule ${id}`);
    return found;
  }

  #call(call: CallKind, [fromMs, untilMs]: Span, terms: Terms, request: object, answer: object): this {
    this.#lastOp += 1;
    const op = this.#lastOp;
    const { client = 'a', space = 'default', fail } = terms;
    const full = { space, ...request };
    this.#entries.push({ event: 'invoke', op, client, replica: '', atMs: fromMs, call, request: full });
    if (untilMs === undefined) return this;
    this.#entries.push(
      fail === undefined
        ? { event: 'ok', op, atMs: untilMs, answer }
        : { event: 'fail', op, atMs: untilMs, code: fail },
    );
    return this;
  }

  #seen(
    values: Tuple,
    { id, deliveryCount = 0 }: { id?: bigint | undefined; deliveryCount?: number | undefined } = {},
  ): SeenTuple {
    return { id: id ?? this.#idOf(values), values, revision: 1n, deliveryCount };
  }

  #idOf(values: Tuple): bigint {
    const text = stringify(values);
    const id = this.#ids.get(text) ?? BigInt(this.#ids.size + 1);
    this.#ids.set(text, id);
    return id;
  }

  /** Rises with each call that is added, unless the call names its own. */
  #revision({ revision }: Terms): bigint {
    this.#lastRevision = revision ?? this.#lastRevision + 1n;
    return this.#lastRevision;
  }
}
