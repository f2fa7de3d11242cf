/**
 * What must hold after every run, whatever the faults; each break of it is a bug of ours.
 */
import type { GeneralId, RecordEntry, SpaceRecord } from '../consensus/index.js';
import {
  auditRecord,
  collectEvidence,
  protocolOf,
  replayLoyal,
  summary,
  suspectsOf,
} from '../consensus/index.js';
import {
  isMessage,
  KeyRing,
  readClose,
  readDecision,
  readEnd,
  readKeyTuple,
  readMessage,
  readSeat,
  roundSpace,
} from '../general-node/index.js';
import type { StoredTuple } from '../tuplespace/index.js';
import type { Scenario } from './scenario.js';
import type { RecordedRound } from './simulation.js';

/** The broken invariants of a round, in words. */
export function problemsOf(recorded: RecordedRound, scenario: Scenario): readonly string[] {
  const record = recordOf(recorded);
  return [
    ...wrongVerdict(recorded, scenario),
    ...refusedActs(recorded),
    ...deviations(recorded, record),
    ...wrongDecisions(recorded, record),
    ...wrongSuspicions(recorded, record),
    ...wrongConvictions(recorded, record),
    ...shortPhases(recorded),
    ...notOnce(recorded),
  ].map((problem) => `round ${recorded.round.number}: ${problem}`);
}

/** A round's space as evidence reads it. */
function recordOf({ round, tuples }: RecordedRound): SpaceRecord {
  const entries = tuples.flatMap((tuple): RecordEntry[] => {
    const phase = readClose(tuple);
    if (phase !== undefined) return [{ kind: 'close', phase }];
    const read = isMessage(tuple) ? readMessage(tuple) : undefined;
    return read?.kind === 'message' ? [{ kind: 'message', message: read.message }] : [];
  });
  const { setting, order, inputs, number } = round;
  return { setting, order, inputs, entries, signing: keysOf(tuples).signing(roundSpace(number)) };
}

function keysOf(tuples: readonly StoredTuple[]): KeyRing {
  const keys = new KeyRing();
  for (const key of tuples.map(readKeyTuple)) if (key !== undefined) keys.add(key);
  return keys;
}

function wrongVerdict({ round }: RecordedRound, { expect }: Scenario): string[] {
  const { verdict } = round;
  const said = verdict === undefined ? 'unknown' : summary(verdict);
  if (expect.verdicts.includes(said)) return [];
  const because = [verdict?.agreement, verdict?.validity, verdict?.termination]
    .filter((judgement) => judgement?.status === 'violated')
    .map((judgement) => judgement?.because);
  return [
    `the verdict is ${said}, expected ${expect.verdicts.join(' or ')}${because.length > 0 ? ': ' : ''}${because.join('; ')}`,
  ];
}

/** What a loyal general is refused: its seat has moved, or the round has ended without it. */
const comingTooLate: ReadonlySet<string> = new Set(['epoch', 'send', 'post', 'key', 'decision', 'report']);

/**
 * A loyal general never tries to say two things in one slot, crashed and recovered or not, nor anything else that the space's policy
 * refuses.
 */
function refusedActs({ round, audit }: RecordedRound): string[] {
  const loyal = new Set(loyalIds(round));
  return audit
    .filter(({ callerId, rule }) => loyal.has(callerId) && !comingTooLate.has(rule))
    .map(({ callerId, operation, rule }) => `loyal ${callerId} was refused to ${operation} (${rule})`);
}

/** The space's record never speaks against a loyal general. */
function deviations({ round }: RecordedRound, record: SpaceRecord): string[] {
  const loyal = new Set(loyalIds(round));
  return auditRecord(record)
    .filter(({ slot }) => loyal.has(slot.from))
    .map(({ kind, slot }) => `loyal ${slot.from} deviated in phase ${slot.phase} (${kind})`);
}

/** What a loyal general decided is what the pure core makes of its mail. */
function wrongDecisions({ round, tuples }: RecordedRound, record: SpaceRecord): string[] {
  const decided = new Map(tuples.map(readDecision).flatMap((one) => (one ? [[one.general, one.vote]] : [])));
  return loyalIds(round).flatMap((general) => {
    const vote = decided.get(general);
    const { decision } = replayLoyal(record, general);
    return vote === undefined || vote === decision
      ? []
      : [`loyal ${general} decided ${vote}, its mail says ${decision}`];
  });
}

/** While no more than m are traitors, nobody loyal is taken for one. */
function wrongSuspicions({ round }: RecordedRound, record: SpaceRecord): string[] {
  const { setting, traitors } = round;
  if (traitors.length > setting.traitorsMax) return [];
  const loyal = loyalIds(round);
  return loyal.flatMap((general) => {
    const tree = protocolOf(setting).explain(replayLoyal(record, general).state);
    if (tree === undefined) return [];
    const { known } = suspectsOf(tree, setting.traitorsMax);
    return known
      .filter((one) => loyal.includes(one))
      .map((one) => `${general} takes loyal ${one} for a traitor`);
  });
}

/** Nobody loyal is ever convicted, however many traitors there are. */
function wrongConvictions({ round, tuples }: RecordedRound, record: SpaceRecord): string[] {
  const loyal = loyalIds(round);
  return collectEvidence(record, keysOf(tuples).known)
    .proven.filter(({ signer }) => loyal.includes(signer))
    .map(({ signer }) => `two orders under one key are shown of loyal ${signer}`);
}

/** A round ends once, and each epoch of a seat is spent once, however many orchestrators try. */
function notOnce({ tuples }: RecordedRound): string[] {
  const ends = tuples.flatMap((tuple) => readEnd(tuple)?.kind ?? []);
  const seats = tuples.flatMap((tuple) => readSeat(tuple) ?? []);
  const epochs = new Set(seats.map(({ general, epoch }) => `${general} ${epoch}`));
  return [
    ...(ends.length === 1 ? [] : [`it ended ${ends.length} times`]),
    ...(epochs.size === seats.length ? [] : [`${seats.length} seats for ${epochs.size} epochs`]),
  ];
}

/** A phase that is closed had its full time, by the store's clock. */
function shortPhases({ round, tuples }: RecordedRound): string[] {
  const phaseCount = protocolOf(round.setting).phaseCount(round.setting);
  let begunAtMs = round.startedAtMs;
  return tuples.flatMap((tuple: StoredTuple) => {
    const phase = readClose(tuple);
    if (phase === undefined) return [];
    const tookMs = tuple.writtenAtMs - begunAtMs;
    begunAtMs = tuple.writtenAtMs;
    // The last close comes as soon as everybody has decided; the store counts whole milliseconds.
    if (phase === phaseCount || tookMs >= round.phaseMs - 1) return [];
    return [`phase ${phase} was closed after ${tookMs} of ${round.phaseMs} ms`];
  });
}

function loyalIds({ setting, traitors }: RecordedRound['round']): readonly GeneralId[] {
  const treacherous = new Set(traitors.map(({ general }) => general));
  return setting.generals.filter((general) => !treacherous.has(general));
}
