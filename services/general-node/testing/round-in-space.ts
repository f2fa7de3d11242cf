/**
 * For tests: a round's space over the memory store as an orchestrator leaves it when it has placed a round, and generals in it.
 */
import type { Setting, TraitorSpec, Vote } from '../../consensus/index.js';
import { generalIds } from '../../consensus/index.js';
import type { Clock } from '../../runtime/index.js';
import { silentLog, systemClock } from '../../runtime/index.js';
import type { StoredTuple, Template, TupleSpace } from '../../tuplespace/index.js';
import { createToken, hashToken, MemoryStore } from '../../tuplespace/index.js';
import { General } from '../general.js';
import { createKeyPair, type KeyPair } from '../signing.js';
import { briefTuple, roundSettings, roundSpace, roundTuple } from '../tuples.js';

export interface RoundInSpace {
  readonly store: MemoryStore;
  /** As the orchestrator sees it. */
  readonly space: TupleSpace;
  readonly name: string;
  readonly setting: Setting;
  /** A shell for one general; with a past it looks for what it has said before. Its key pair is made unless given. */
  general(id: string, options?: { hasPast?: boolean; keyPair?: KeyPair }): General;
  readAll(template: Template): Promise<readonly StoredTuple[]>;
  stop(): Promise<void>;
}

export interface RoundInSpaceOptions {
  readonly n?: number;
  readonly m?: number;
  readonly order?: Vote;
  /** Default: OM, by mail. */
  readonly form?: Pick<Setting, 'protocol' | 'mode'>;
  readonly traitors?: readonly TraitorSpec[];
  readonly protocolVersion?: number;
  /** Generals that get no brief. */
  readonly briefless?: readonly string[];
  readonly clock?: Clock;
}

export async function openRound(options: RoundInSpaceOptions = {}): Promise<RoundInSpace> {
  const { n = 4, m = 1, order = 'Attack', traitors = [], clock = systemClock, protocolVersion = 1 } = options;
  const { briefless = [] } = options;
  const store = new MemoryStore({ clock, version: 'test' });
  await store.start();
  const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  const space = store.session(token);
  const name = roundSpace(1);
  const generals = generalIds(n);
  const setting: Setting = {
    ...(options.form ?? { protocol: 'om', mode: 'mailbox' }),
    generals,
    commander: 'general-0',
    isCouncil: false,
    traitorsMax: m,
  };
  await space.putSpace({ space: name, settings: roundSettings(setting) });
  const tokens = new Map(generals.map((general) => [general, createToken()]));
  for (const [id, general] of tokens) {
    const caller = { kind: 'general', id, epoch: 1, space: name } as const;
    await space.putToken({ tokenHash: hashToken(general), caller });
  }
  const briefed = generals.filter((general) => !briefless.includes(general));
  const briefs = briefed.map((general) => {
    const spec = traitors.find((one) => one.general === general);
    const ids = traitors.map((one) => one.general);
    return briefTuple({
      general,
      ...(general === setting.commander ? { order } : {}),
      ...(spec === undefined ? {} : { treason: { seed: 1, traitors: ids, spec } }),
    });
  });
  const round = roundTuple({ number: 1, setting, protocolVersion, phaseMs: 1_000 });
  await space.write({ space: name, tuples: [round, ...briefs] });
  return {
    store,
    space,
    name,
    setting,
    general(id, { hasPast = false, keyPair } = {}) {
      const seat = { node: 'node1', incarnation: 'one', round: 1, general: id, epoch: 1 };
      const assignment = { ...seat, token: tokens.get(id) ?? '' };
      return new General({
        assignment,
        space: store.session(assignment.token),
        clock,
        log: silentLog,
        hasPast,
        keyPair: () => keyPair ?? createKeyPair(),
      });
    },
    readAll: async (template) => (await space.read({ space: name, templates: [template] })).tuples,
    stop: () => store.stop(),
  };
}
