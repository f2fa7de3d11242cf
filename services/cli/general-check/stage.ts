/**
 * The stage of a check: a served tuple space of its own in memory, with the checker as its orchestrator and as all generals but one.
 */
import type { Setting, Vote } from '../../consensus/index.js';
import {
  assignmentTemplate,
  assignmentTuple,
  briefTuple,
  controlSettings,
  controlSpace,
  nodeTemplate,
  readNode,
  roundSettings,
  roundSpace,
  roundTuple,
} from '../../general-node/index.js';
import { readVersion, silentLog, systemClock } from '../../runtime/index.js';
import {
  allow,
  createToken,
  hashToken,
  MemoryStore,
  type SpaceSettings,
  type StoredTuple,
  startTupleSpace,
  type Tuple,
  type TupleSpace,
} from '../../tuplespace/index.js';

/** A node of the program. */
export interface Enrolled {
  readonly node: string;
  readonly incarnation: string;
  /** Of its tuple; a later enrolment has a higher one. */
  readonly tupleId: bigint;
}

/** A round that has been prepared. */
export interface StagedRound {
  readonly space: string;
  readonly number: number;
  readonly setting: Setting;
  /** The spaces as each general sees them. */
  as(general: string): TupleSpace;
}

export interface Stage {
  /** Where the program finds the space. */
  readonly address: string;
  /** The spaces as an orchestrator sees them. */
  readonly space: TupleSpace;
  /** The first node that enrolled after `since`; undefined when none has in time. */
  enrolled(since: bigint, waitMs: number): Promise<Enrolled | undefined>;
  /** Makes a round's space, with what stands in it before anybody speaks. */
  prepare(round: PreparedRound): Promise<StagedRound>;
  /** Gives a node the seat of a general; a later seat of the same general needs a higher epoch. */
  seat(round: StagedRound, seat: { node: Enrolled; general: string; epoch: number }): Promise<void>;
  /** Takes the seats of a round away. */
  withdraw(round: StagedRound): Promise<void>;
  /** All that stands in a round's space, in the order of the space. */
  tuples(round: StagedRound): Promise<readonly StoredTuple[]>;
  stop(): Promise<void>;
}

interface PreparedRound {
  readonly setting: Setting;
  readonly order: Vote;
  readonly protocolVersion: number;
}

/** Long enough that no program takes it for the end of a phase. */
const phaseMs = 60_000;

/** Errors: failed_precondition (the address is in use). */
export async function openStage(address: string): Promise<Stage> {
  const store = new MemoryStore({ clock: systemClock, version: readVersion() });
  await store.start();
  const service = await startTupleSpace({ address, store, log: silentLog, clock: systemClock });
  const caller = { kind: 'orchestrator', id: 'orchestrator', secret: '' } as const;
  const { token } = await store.session('').enrol(caller);
  const space = store.session(token);
  await space.putSpace({ space: controlSpace, settings: controlSettings });
  let lastNumber = 0;
  return {
    address: service.address,
    space,
    async enrolled(since, waitMs) {
      const request = { space: controlSpace, templates: [nodeTemplate()], afterId: since, min: 1, waitMs };
      const { tuples } = await space.read(request);
      for (const tuple of tuples) {
        const node = readNode(tuple);
        if (node !== undefined) return { ...node, tupleId: tuple.id };
      }
      return undefined;
    },
    async prepare({ setting, order, protocolVersion }) {
      lastNumber += 1;
      const number = lastNumber;
      const name = roundSpace(number);
      await space.putSpace({ space: name, settings: stagedSettings(setting) });
      const round = roundTuple({ number, setting, protocolVersion, phaseMs });
      await space.write({ space: name, tuples: [round, ...briefs(setting, order)] });
      const tokens = new Map(setting.generals.map((id) => [id, createToken()]));
      for (const [id, secret] of tokens) await admit(space, { space: name, id, epoch: 1, token: secret });
      return { space: name, number, setting, as: (general) => store.session(tokens.get(general) ?? '') };
    },
    async seat({ number, space: name }, { node: { node, incarnation }, general, epoch }) {
      const seatToken = createToken();
      await admit(space, { space: name, id: general, epoch, token: seatToken });
      await space.take({ space: controlSpace, templates: [assignmentTemplate({ round: number, general })] });
      const seat = { node, incarnation, round: number, general, epoch };
      const assignment = assignmentTuple({ ...seat, token: seatToken });
      await space.write({ space: controlSpace, tuples: [assignment] });
    },
    async withdraw({ number }) {
      await space.take({ space: controlSpace, templates: [assignmentTemplate({ round: number })], max: 10 });
    },
    tuples: (round) => standing(space, round.space),
    async stop() {
      await service.stop();
      await store.stop();
    },
  };
}

function briefs({ generals, commander }: Setting, order: Vote): readonly Tuple[] {
  return generals.map((general) => briefTuple({ general, ...(general === commander ? { order } : {}) }));
}

async function admit(
  space: TupleSpace,
  seat: { readonly space: string; readonly id: string; readonly epoch: number; readonly token: string },
): Promise<void> {
  const { space: name, id, epoch, token } = seat;
  const caller = { kind: 'general', id, epoch, space: name } as const;
  await space.putToken({ tokenHash: hashToken(token), caller });
}

async function standing(space: TupleSpace, name: string): Promise<readonly StoredTuple[]> {
  const tuples: StoredTuple[] = [];
  for await (const frame of space.watch({ space: name, templates: [], from: { revision: 0n } })) {
    if (frame.kind !== 'snapshot') break;
    tuples.push(...frame.tuples);
    if (frame.isLast) break;
  }
  return tuples;
}

/** As of a real round, but that others may write in any name: a program must judge a sender by the writer, whatever the space does. */
function stagedSettings(setting: Setting): SpaceSettings {
  const { policy, ...settings } = roundSettings(setting);
  return { ...settings, policy: { rules: [allow('staged', ['write']), ...(policy?.rules ?? [])] } };
}
