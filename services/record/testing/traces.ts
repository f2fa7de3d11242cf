/**
 * Traces for tests: rounds of the core as their spaces would have recorded them.
 */
import type { Setting, TraitorSpec, Vote } from '../../consensus/index.js';
import { generalIds, idealSigning, protocolOf, simulateRound } from '../../consensus/index.js';
import { toHex, type VerifySignature } from '../signatures.js';
import type { Trace, TraceEvent, TraceMessage } from '../trace.js';
import { traceOf, traceSchema } from '../trace.js';
import { loyalMessages } from './loyal-messages.js';

export interface Scene {
  readonly n?: number;
  readonly m?: number;
  readonly order?: Vote;
  readonly traitors?: readonly TraitorSpec[];
  readonly seed?: number;
  /** Default: OM by mail. */
  readonly protocol?: Setting['protocol'];
  readonly mode?: Setting['mode'];
  readonly isCouncil?: boolean;
  /** The round was cancelled before anybody decided. */
  readonly isCancelled?: boolean;
}

/** A round in which everybody speaks in time, phase after phase. */
export function traceOfScene(scene: Scene = {}): Trace {
  const { n = 4, m = 1, order = 'Attack', traitors = [], seed = 7, isCancelled = false } = scene;
  const generals = generalIds(n);
  const [commander = ''] = generals;
  const setting: Setting = {
    protocol: scene.protocol ?? 'om',
    mode: scene.mode ?? 'mailbox',
    generals,
    commander,
    isCouncil: scene.isCouncil ?? false,
    traitorsMax: m,
  };
  const round = simulateRound({ setting, order, traitors, seed });
  const phaseCount = protocolOf(setting).phaseCount(setting);
  const loyal = loyalMessages(order, round.messages);
  const writer = new Writer();
  const seats = generals.map((general, i) => ({ general, node: `node-${(i % 4) + 1}`, epoch: 1 }));
  // What simulated generals sign names this space.
  writer.add({ kind: 'started', space: 'simulated', setting, order, traitors, seed, phaseMs: 1000, seats });
  for (const general of setting.mode === 'signed' ? generals : [])
    writer.add({ kind: 'key', general, epoch: 1, publicKey: toHex(new TextEncoder().encode(general)) });
  for (let phase = 0; phase < phaseCount; phase += 1) {
    for (const message of round.messages.filter((one) => one.phase === phase)) {
      const isTraitor = traitors.some(({ general }) => general === message.from);
      const entries = message.entries.map(({ signatures, ...entry }) => ({
        ...entry,
        isFalse: isTraitor && !loyal(message, entry),
        ...(signatures === undefined ? {} : { signatures: signatures.map(toHex) }),
      }));
      writer.add({ kind: 'message', message: { ...message, entries, counts: true } satisfies TraceMessage });
    }
    writer.add({ kind: 'closed', phase });
  }
  const messageCount = round.messages.reduce((sum, { entries }) => sum + entries.length, 0);
  const end = { messageCount, ignored: [] };
  if (isCancelled) {
    writer.add({ kind: 'ended', status: 'cancelled', cancelledBecause: 'a test', ...end });
  } else {
    for (const [general, vote] of round.decisions) writer.add({ kind: 'decision', general, vote });
    writer.add({ kind: 'closed', phase: phaseCount });
    writer.add({ kind: 'ended', status: 'finished', verdict: round.verdict, ...end });
  }
  const trace = traceOf(writer.events);
  if (trace === undefined) throw new Error('a trace begins with its start');
  return trace;
}

/** The scheme of simulated rounds; the key of a general is its name. */
export const verifySimulated: VerifySignature = (publicKey, bytes, signature) => {
  const general = new TextDecoder().decode(publicKey);
  return idealSigning(general, 'simulated').verify(general, bytes, signature);
};

/** An event without its place. */
type Content<Event = TraceEvent> = Event extends TraceEvent
  ? Omit<Event, 'schema' | 'round' | 'incarnation' | 'revision' | 'at'>
  : never;

/** Gives each event a revision, and a millisecond, of its own. */
class Writer {
  readonly events: TraceEvent[] = [];

  add(content: Content): void {
    const place = this.events.length;
    this.events.push({
      schema: traceSchema,
      round: 1,
      incarnation: 'test',
      revision: String(place + 1),
      at: new Date(Date.UTC(2026, 0, 1) + place).toISOString(),
      ...content,
    } as TraceEvent);
  }
}
