/**
 * The evidence of a round, from its record.
 */
import { collectEvidence, type Evidence, protocolOf, type RecordEntry } from '../consensus/index.js';
import { roundSpace } from '../general-node/index.js';
import { ServiceError } from '../runtime/index.js';
import type { RoundRecord } from './record.js';

/** Looking through more would keep the orchestrator from closing phases in time. */
const valuesMax = 50_000;

/** Errors: resource_exhausted. O(n times what the engine of the protocol costs). */
export function evidenceOf(record: RoundRecord): Evidence {
  const { setting } = record.round;
  const { messageCount } = protocolOf(setting).cost(setting);
  if (messageCount > valuesMax) {
    const [count, limit] = [messageCount, valuesMax].map((one) => one.toLocaleString('en-US'));
    throw new ServiceError(
      'resource_exhausted',
      `the round has ${count} values; evidence is looked for in up to ${limit}`,
    );
  }
  const { order, inputs } = record.lab;
  const given = inputs === undefined ? { order } : { order, inputs };
  const signing = record.keys.signing(roundSpace(record.round.number));
  return collectEvidence({ setting, ...given, signing, entries: entriesOf(record) }, record.keys.known);
}

/** Messages and closes, in the order of the space. */
function entriesOf({ messages, closes }: RoundRecord): readonly RecordEntry[] {
  const placed = [
    ...messages.map(({ message, revision }) => ({ revision, entry: { kind: 'message' as const, message } })),
    ...[...closes].map(([phase, revision]) => ({ revision, entry: { kind: 'close' as const, phase } })),
  ];
  return placed
    .sort((left, right) => (left.revision < right.revision ? -1 : left.revision > right.revision ? 1 : 0))
    .map(({ entry }) => entry);
}
