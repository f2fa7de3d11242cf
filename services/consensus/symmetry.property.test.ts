/**
 * Symmetries of SM and King, for all treasons: what generals are called means nothing, and with all votes exchanged
 * everybody decides the other way. Of OM see om.property.test.ts. Random cases, printed with their seed when they
 * fail.
 */
import fc from 'fast-check';
import type { LockStepState } from './lock-step.js';
import type { GeneralId, Setting, Vote } from './protocol.js';
import { random } from './random.js';
import { type RoundPlan, simulateRound } from './run.js';
import type { SmKnown } from './sm.js';
import { settingOf, tableFor } from './testing/rounds.js';
import { opposite } from './traitors/plan.js';
import type { TableAct } from './traitors/table.js';

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const orders = fc.constantFrom<Vote>('Attack', 'Retreat');

type Saying = TableAct['act'];
type Place = Omit<TableAct, 'act'>;

/** Generals, of whom some betray, and what these say at each place, by the names of the first setting. */
interface Treason {
  readonly setting: Setting;
  readonly traitors: readonly GeneralId[];
  readonly order: Vote;
  readonly inputs: ReadonlyMap<GeneralId, Vote>;
  readonly say: (place: Place) => Saying;
}

/** As many traitors as asked, placed and speaking by the seed. */
function anyTreason(
  setting: Setting,
  given: { seed: number; order: Vote; traitorCount: number; sayings: readonly Saying[] },
): Treason {
  const { seed, order, traitorCount, sayings } = given;
  const traitors = shuffle(setting.generals, seed, 'traitors').slice(0, traitorCount);
  const inputs = new Map(
    setting.generals.map((id): [GeneralId, Vote] => [
      id,
      random(seed, 'input', id) % 2 === 0 ? 'Attack' : 'Retreat',
    ]),
  );
  const say = ({ phase, to, path }: Place): Saying =>
    sayings[random(seed, phase, to, ...path) % sayings.length] ?? 'nothing';
  return { setting, traitors, order, inputs, say };
}

function planOf({ setting, traitors, order, inputs, say }: Treason): RoundPlan {
  const specs = traitors.map((general) => tableFor(setting, general, say));
  return { setting, order, ...(setting.isCouncil ? { inputs } : {}), traitors: specs, seed: 0 };
}

/** The same treason under other names, the generals standing in the order of `reordered`. */
function renamed(treason: Treason, seed: number, reordered: readonly GeneralId[]) {
  const { setting, traitors, inputs, say } = treason;
  const names = new Map(setting.generals.map((id, i) => [id, `general-${(i * 11 + (seed % 89)) % 97}`]));
  const originals = new Map([...names].map(([id, name]) => [name, id]));
  const rename = (id: GeneralId) => names.get(id) ?? id;
  const original = (name: GeneralId) => originals.get(name) ?? name;
  const other: Treason = {
    ...treason,
    setting: { ...setting, generals: reordered.map(rename), commander: rename(setting.commander) },
    traitors: traitors.map(rename),
    inputs: new Map([...inputs].map(([id, vote]) => [rename(id), vote])),
    say: (place) =>
      say({ ...place, from: original(place.from), to: original(place.to), path: place.path.map(original) }),
  };
  return { other, rename };
}

/** The same treason with all votes exchanged. */
function exchanged(treason: Treason): Treason {
  const { order, inputs, say } = treason;
  const turn = (saying: Saying): Saying =>
    saying === 'Attack' || saying === 'Retreat' ? opposite(saying) : saying;
  return {
    ...treason,
    order: opposite(order),
    inputs: new Map([...inputs].map(([id, vote]) => [id, opposite(vote)])),
    say: (place) => turn(say(place)),
  };
}

function loyalOf({ setting, traitors }: Treason): readonly GeneralId[] {
  return setting.generals.filter((id) => !traitors.includes(id));
}

function shuffle<Item>(items: readonly Item[], seed: number, what: string): Item[] {
  const lots = items.map((item, index) => ({ item, lot: random(seed, what, index) }));
  return lots.sort((left, right) => left.lot - right.lot).map(({ item }) => item);
}

describe('SM', () => {
  const sizes = fc.constantFrom<[number, number]>([3, 1], [4, 1], [4, 2], [6, 2]);
  const sayings = ['Attack', 'Retreat', 'both', 'nothing'] as const;
  const anySigned = fc
    .tuple(sizes, seeds, orders, fc.integer({ min: 0, max: 3 }))
    .map(([[n, m], seed, order, traitorCount]) => ({
      seed,
      treason: anyTreason(settingOf({ protocol: 'sm' }, n, m), { seed, order, traitorCount, sayings }),
    }));

  it('does not know names: renamed and shuffled generals decide as before', () => {
    const property = fc.property(anySigned, ({ seed, treason }) => {
      const { other, rename } = renamed(treason, seed, shuffle(treason.setting.generals, seed, 'names'));
      const [before, after] = [simulateRound(planOf(treason)), simulateRound(planOf(other))];
      for (const id of loyalOf(treason))
        expect(after.decisions.get(rename(id))).toBe(before.decisions.get(id));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('takes Attack as it takes Retreat: with all votes exchanged each has seen the other orders', () => {
    const acceptedBy = (plan: RoundPlan) => {
      const { states } = simulateRound(plan);
      return (id: GeneralId) => (states.get(id) as LockStepState<SmKnown>).known?.accepted ?? [];
    };
    const property = fc.property(anySigned, ({ treason }) => {
      const [before, after] = [acceptedBy(planOf(treason)), acceptedBy(planOf(exchanged(treason)))];
      for (const id of loyalOf(treason)) {
        expect(new Set(after(id))).toEqual(new Set(before(id).map(opposite)));
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('King', () => {
  const sizes = fc.constantFrom<[number, number]>([4, 1], [5, 1], [7, 2]);
  const anyTold = (sayings: readonly Saying[]) =>
    fc.tuple(sizes, seeds, orders, fc.boolean()).map(([[n, m], seed, order, isCouncil]) => ({
      seed,
      treason: anyTreason(settingOf({ protocol: 'king', isCouncil }, n, m), {
        ...{ seed, order, sayings },
        traitorCount: m,
      }),
    }));

  it('knows its kings by their places and nobody else: renamed generals, the others shuffled, decide as before', () => {
    const property = fc.property(anyTold(['Attack', 'Retreat', 'nothing']), ({ seed, treason }) => {
      const { generals, traitorsMax } = treason.setting;
      const kings = generals.slice(0, traitorsMax + 1);
      const reordered = [...kings, ...shuffle(generals.slice(kings.length), seed, 'order')];
      const { other, rename } = renamed(treason, seed, reordered);
      const [before, after] = [simulateRound(planOf(treason)), simulateRound(planOf(other))];
      for (const id of loyalOf(treason))
        expect(after.decisions.get(rename(id))).toBe(before.decisions.get(id));
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('takes Attack as it takes Retreat: with all votes exchanged all decide the other way, if nobody is silent', () => {
    const property = fc.property(anyTold(['Attack', 'Retreat']), ({ treason }) => {
      const [before, after] = [treason, exchanged(treason)].map(
        (one) => simulateRound(planOf(one)).decisions,
      );
      for (const id of loyalOf(treason)) {
        expect(after?.get(id)).toBe(opposite(before?.get(id) ?? 'Attack'));
      }
    });
    fc.assert(property, { numRuns: 150 });
  });
});
