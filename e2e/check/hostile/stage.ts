/**
 * Where the hostile general acts: a round that has begun and in which nobody else moves, one that has ended, and another one; so what it
 * changes can be seen.
 */
import type { Setting } from '../../../services/consensus/index.js';
import { generalIds } from '../../../services/consensus/index.js';
import { closeTuple, endTuple, messageTuple, roundSettings } from '../../../services/general-node/index.js';
import type { Caller, StoredTuple, TupleSpace } from '../../../services/tuplespace/index.js';
import { createToken, hashToken } from '../../../services/tuplespace/index.js';
import { tuple } from './proto-values.js';

export interface Stage {
  readonly space: string;
  readonly ended: string;
  readonly elsewhere: string;
  /** Of general-1 in the round. */
  readonly token: string;
  readonly tokens: Readonly<
    Record<'pastEpoch' | 'revoked' | 'expired' | 'ended' | 'node' | 'client', string>
  >;
  /** Hash of another general's token. */
  readonly tokenHash: string;
  /** A letter that would be one more than general-1 may have. */
  readonly tooMany: object;
  /** All that stands in the three spaces and how they stand; what a caller is refused must not show here. */
  picture(): Promise<string>;
}

const setting: Setting = {
  protocol: 'om',
  mode: 'mailbox',
  generals: generalIds(4),
  commander: 'general-0',
  isCouncil: false,
  traitorsMax: 1,
};

/** @param name what the spaces' names begin with */
export async function openStage(
  orchestrator: TupleSpace,
  connect: (token: string) => TupleSpace,
  name: string,
): Promise<Stage> {
  const [space, ended, elsewhere] = [`${name}/round`, `${name}/ended`, `${name}/elsewhere`];
  const settings = roundSettings(setting);
  for (const each of [space, ended, elsewhere]) await orchestrator.putSpace({ space: each, settings });
  const admit = async (id: string, rest: Partial<Caller> = {}): Promise<string> => {
    const token = createToken();
    const caller: Caller = { kind: 'general', id, epoch: 1, space, ...rest };
    await orchestrator.putToken({ tokenHash: hashToken(token), caller });
    return token;
  };
  const token = await admit('general-1');
  const second = await admit('general-2');
  const pastEpoch = await admit('general-3');
  await admit('general-3', { epoch: 2 });
  const revoked = await admit('general-1');
  await orchestrator.revokeToken({ tokenHash: hashToken(revoked) });
  const { storeTimeMs } = await orchestrator.getInfo();
  const expired = await admit('general-1', { expiresAtMs: storeTimeMs - 1 });
  const put = async (kind: 'node' | 'client'): Promise<string> => {
    const token = createToken();
    await orchestrator.putToken({ tokenHash: hashToken(token), caller: { kind, id: `${kind}-9`, epoch: 0 } });
    return token;
  };
  const [node, client] = [await put('node'), await put('client')];
  const inEnded = await admit('general-1', { space: ended });
  await orchestrator.write({ space, tuples: [closeTuple(0), ['brief', 'general-2', null, null]] });
  await orchestrator.write({ space: ended, tuples: [endTuple({ kind: 'cancelled', because: 'over' })] });
  await connect(second).write({ space, tuples: [vote('general-2', 'general-3', 1)] });
  // The traitor has said all that it may.
  const count = settings.limits?.callerTuplesMax ?? 0;
  const letters = Array.from({ length: count - 1 }, (_, i) => vote('general-1', 'general-2', i + 1));
  await connect(token).write({ space, tuples: [['decision', 'general-1', 'Attack'], ...letters] });
  return {
    space,
    ended,
    elsewhere,
    token,
    tokens: { pastEpoch, revoked, expired, ended: inEnded, node, client },
    tokenHash: hashToken(second),
    tooMany: tuple('vote', 'general-1', 'general-2', 'Attack', 99, ['general-0', 'general-1']),
    async picture() {
      const parts = [space, ended, elsewhere].map((each) => spacePicture(orchestrator, each));
      return JSON.stringify(await Promise.all(parts), (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    },
  };
}

function vote(from: string, to: string, phase: number) {
  return messageTuple({ phase, from, to, entries: [{ path: ['general-0', from], vote: 'Attack' }] });
}

async function spacePicture(orchestrator: TupleSpace, space: string): Promise<unknown> {
  const { spaces } = await orchestrator.listSpaces({ prefix: space, limit: 1 });
  const tuples: StoredTuple[] = [];
  for await (const frame of orchestrator.watch({ space, templates: [], from: { revision: 0n } })) {
    if (frame.kind !== 'snapshot') break;
    tuples.push(...frame.tuples);
    if (frame.isLast) break;
  }
  // Watches come and go with whoever looks.
  return [spaces.map((info) => ({ ...info, watchCount: 0 })), tuples];
}
