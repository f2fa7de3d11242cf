/**
 * What if: a recorded round, run again by the core with one message of a traitor changed. The other lies stay as they were, loyal
 * generals make of it what their rules say. Pure.
 */
import type {
  GeneralId,
  Message,
  Path,
  RoundPlan,
  Setting,
  TableAct,
  TraitorSpec,
  Vote,
} from '../../../consensus/index.js';
import { protocolOf, slotKey } from '../../../consensus/index.js';
import {
  fromHex,
  messagesOf,
  simulatedTrace,
  type Trace,
  type TraceEntry,
  type TraceMessage,
} from '../../../record/index.js';

export interface Change {
  /** Index of the event of the message. */
  readonly index: number;
  /** Of the value that is changed; absent: all values of the message. */
  readonly path?: Path;
  readonly act: Vote | 'nothing';
}

export interface Fork {
  readonly change: Change;
  readonly message: TraceMessage;
  /** The round as it was, run again: the same order of events as in the other. */
  readonly before: Trace;
  readonly after: Trace;
  /** The request that both come from, for the services. */
  readonly plan: RoundPlan;
}

/** Undefined when the event is no message of a traitor. Costs what the protocol costs, twice. */
export function forkOf(trace: Trace, change: Change): Fork | undefined {
  const event = trace.events[change.index];
  if (event?.kind !== 'message' || !isTraitor(trace, event.message.from)) return undefined;
  const plan = planOf(trace, undefined);
  const changed = planOf(trace, { ...change, message: event.message });
  const staging = { seats: trace.started.seats, round: trace.started.round, lost: lostOf(trace) };
  return {
    change,
    message: event.message,
    before: simulatedTrace(plan, staging),
    after: simulatedTrace(changed, staging),
    plan: changed,
  };
}

export function isTraitor({ started }: Trace, general: GeneralId): boolean {
  return started.traitors.some((spec) => spec.general === general);
}

/** `12:Attack`, or `12:general-0>general-2=Retreat` for one value. */
export function printChange({ index, path, act }: Change): string {
  return `${index}:${path === undefined ? '' : `${path.join('>')}=`}${act}`;
}

/** Undefined for a text that is no change. */
export function parseChange(text: string): Change | undefined {
  const [, index, path, act] =
    /^(\d{1,9}):(?:([a-z0-9>-]{1,900})=)?(Attack|Retreat|nothing)$/.exec(text) ?? [];
  if (index === undefined || act === undefined) return undefined;
  const place = path === undefined ? {} : { path: path.split('>') };
  return { index: Number(index), ...place, act: act as Change['act'] };
}

/** The place in another run of the same round that is as far. */
export function samePlace(from: Trace, place: number, to: Trace): number {
  const event = from.events[place];
  const keyOf = (one: Trace['events'][number]): string => {
    if (one.kind === 'message') return slotKey(one.message);
    if (one.kind === 'closed') return `closed ${one.phase}`;
    return one.kind === 'decision' ? `decision ${one.general}` : one.kind;
  };
  // Where this very thing did not happen, the last thing before it that did.
  for (let back = place; event !== undefined && back >= 0; back -= 1) {
    const wanted = keyOf(from.events[back] as Trace['events'][number]);
    const found = to.events.findIndex((one) => keyOf(one) === wanted);
    if (found >= 0) return found;
  }
  return 0;
}

/** Messages that differ, or that only one of both has, by phase and slot. */
export function differences({ before, after }: Fork): readonly {
  readonly slot: Pick<TraceMessage, 'phase' | 'from' | 'to'>;
  readonly was: TraceMessage | undefined;
  readonly is: TraceMessage | undefined;
}[] {
  const [old, fresh] = [before, after].map(
    (trace) => new Map(messagesOf(trace).map(({ event }) => [slotKey(event.message), event.message])),
  ) as [Map<string, TraceMessage>, Map<string, TraceMessage>];
  const slots = new Map([...old, ...fresh]);
  return [...slots.values()]
    .map((slot) => ({ slot, was: old.get(slotKey(slot)), is: fresh.get(slotKey(slot)) }))
    .filter(({ was, is }) => JSON.stringify(valuesOf(was)) !== JSON.stringify(valuesOf(is)))
    .toSorted((one, other) => one.slot.phase - other.slot.phase);
}

function valuesOf(message: TraceMessage | undefined): unknown {
  return message?.entries.map(({ path, vote }) => [path, vote]);
}

function planOf(trace: Trace, change: (Change & { readonly message: TraceMessage }) | undefined): RoundPlan {
  const { setting, order, inputs, traitors, seed } = trace.started;
  const said = saidBySlot(trace);
  const tables = traitors.map(({ general }): TraitorSpec => {
    const acts = actsOf(setting, general, said).filter((act) => !isChanged(act, change));
    return { general, strategy: 'table', acts: [...acts, ...changedActs(setting, general, change)] };
  });
  const given = inputs === undefined ? {} : { inputs: new Map(Object.entries(inputs)) };
  return { setting, order, ...given, traitors: tables, seed };
}

/** What loyal generals did not say that were not heard in time. */
function lostOf(trace: Trace): readonly TraitorSpec[] {
  const { setting } = trace.started;
  const said = saidBySlot(trace);
  const closed = new Set(trace.events.flatMap((event) => (event.kind === 'closed' ? [event.phase] : [])));
  return setting.generals
    .filter((general) => !isTraitor(trace, general))
    .map((general) => ({
      general,
      strategy: 'table' as const,
      acts: actsOf(setting, general, said).filter(({ act, phase }) => act === 'nothing' && closed.has(phase)),
    }))
    .filter(({ acts }) => acts.length > 0);
}

/** What a general said otherwise than a loyal one in its place, place by place. */
function actsOf(
  setting: Setting,
  general: GeneralId,
  said: ReadonlyMap<string, TraceMessage>,
): readonly TableAct[] {
  const protocol = protocolOf(setting);
  const phases = Array.from({ length: protocol.phaseCount(setting) }, (_, phase) => phase);
  const slots = phases
    .flatMap((phase) => protocol.slots(setting, phase))
    .filter(({ from }) => from === general);
  return slots.flatMap((slot) => {
    const message = said.get(slotKey(slot));
    const lies = new Set(message?.entries.filter(({ isFalse }) => isFalse).map(({ path }) => path.join(' ')));
    const places = message === undefined ? [] : protocol.places(setting, asMessage(message));
    return protocol.paths(setting, slot).flatMap((path): TableAct[] => {
      if (message === undefined) return [{ ...slot, path, act: 'nothing' }];
      const entries = places.find((place) => place.path.join(' ') === path.join(' '))?.entries ?? [];
      const [first] = entries;
      if (first === undefined) return setting.mode === 'signed' ? [] : [{ ...slot, path, act: 'nothing' }];
      if (!entries.some((entry) => lies.has(entry.path.join(' ')))) return [];
      return [{ ...slot, path, act: entries.length > 1 ? 'both' : first.vote }];
    });
  });
}

function changedActs(
  setting: Setting,
  general: GeneralId,
  change: (Change & { readonly message: TraceMessage }) | undefined,
): readonly TableAct[] {
  if (change === undefined || change.message.from !== general) return [];
  const { phase, from, to } = change.message;
  const paths = protocolOf(setting).paths(setting, { phase, from, to });
  const wanted = paths.filter((path) => isAt(path, change.path));
  return wanted.map((path) => ({ phase, from, to, path, act: change.act }));
}

function isChanged(
  act: TableAct,
  change: (Change & { readonly message: TraceMessage }) | undefined,
): boolean {
  return change !== undefined && slotKey(act) === slotKey(change.message) && isAt(act.path, change.path);
}

function isAt(path: Path, wanted: Path | undefined): boolean {
  return wanted === undefined || path.join(' ') === wanted.join(' ');
}

/** Messages that count. */
function saidBySlot(trace: Trace): ReadonlyMap<string, TraceMessage> {
  const counting = messagesOf(trace).filter(({ event }) => event.message.counts);
  return new Map(counting.map(({ event }) => [slotKey(event.message), event.message]));
}

function asMessage({ phase, from, to, entries }: TraceMessage): Message {
  return { phase, from, to, entries: entries.map(entryOf) };
}

function entryOf({ path, vote, signatures }: TraceEntry): Message['entries'][number] {
  return signatures === undefined ? { path, vote } : { path, vote, signatures: signatures.map(fromHex) };
}
