/**
 * What holds for all treasons, all orders of arrival and all names; random cases, printed with their seed
 * when they fail.
 */
import fc from 'fast-check';
import { type OmState, om } from './om.js';
import type { Entry, GeneralId, Input, Message, Output, Setting, Vote } from './protocol.js';
import { random } from './random.js';
import { simulateRound } from './run.js';
import { decisionsOf, isBroken, oral, tableOf, viewOf } from './testing/builders.js';
import { recursiveOm, type Say } from './testing/recursive-om.js';
import { strategyNames } from './traitors/strategies.js';

/** Those that break the form of messages, or their time, and not only their truth. */
const informal = ['late', 'forge-path', 'wrong-recipient', 'wrong-phase', 'replay'];

const sizes = fc.constantFrom<[number, number]>([4, 1], [7, 2], [6, 2], [3, 1], [5, 2], [4, 3], [2, 1]);
const orders = fc.constantFrom<Vote>('Attack', 'Retreat');
const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Anything a traitor could say, decided by a seed. */
function anySaying(seed: number, to: GeneralId, path: readonly GeneralId[]): Vote | 'nothing' {
  return (['Attack', 'Retreat', 'nothing'] as const)[random(seed, to, ...path) % 3] ?? 'nothing';
}

/** A round with as many traitors as asked, each of which says anything anywhere. */
function anyRound(
  setting: Setting,
  { seed, order, traitorCount }: { seed: number; order: Vote; traitorCount: number },
) {
  const traitors = setting.generals.filter((_, index) => isTraitor(setting, seed, traitorCount, index));
  const specs = traitors.map((general) =>
    tableOf(setting, general, ({ to, path }) => anySaying(seed, to, path)),
  );
  return { traitors, round: simulateRound({ setting, order, traitors: specs, seed }) };
}

/** Consecutive generals from a seeded first, around the circle. */
function isTraitor({ generals }: Setting, seed: number, traitorCount: number, index: number): boolean {
  const first = random(seed, 'first traitor') % generals.length;
  return (index - first + generals.length) % generals.length < traitorCount;
}

describe('the engine and the recursion of the paper', () => {
  it.each([
    [4, 1],
    [7, 2],
    [6, 2],
    [5, 3],
  ])('decide alike at n = %i, m = %i, whatever anybody says', (n, m) => {
    const setting = oral(n, m);
    const property = fc.property(
      seeds,
      orders,
      fc.integer({ min: 0, max: n - 1 }),
      (seed, order, traitorCount) => {
        const { traitors, round } = anyRound(setting, { seed, order, traitorCount });
        const say: Say = ({ to, path, truth }) =>
          traitors.includes(path.at(-1) ?? '') ? anySaying(seed, to, path) : truth;
        const expected = recursiveOm(setting, order, say);
        const lieutenants = setting.generals.slice(1);
        expect(decisionsOf(round, lieutenants)).toEqual(lieutenants.map((general) => expected.get(general)));
      },
    );
    fc.assert(property, { numRuns: n === 7 ? 150 : 100 });
  });
});

describe('within the bound', () => {
  it('no treason of up to m generals breaks agreement or validity', () => {
    const within = fc.constantFrom<[number, number]>([4, 1], [5, 1], [7, 2], [8, 2], [10, 3]);
    const property = fc.property(within, seeds, orders, ([n, m], seed, order) => {
      const { round } = anyRound(oral(n, m), { seed, order, traitorCount: m });
      expect(round.verdict).toMatchObject({
        isWithin: true,
        agreement: { status: 'holds' },
        validity: { status: 'holds' },
        termination: { status: 'holds' },
      });
    });
    fc.assert(property, { numRuns: 150 });
  });
});

describe('a general that starts again', () => {
  it('gives the same outputs to the same inputs', () => {
    fc.assert(
      fc.property(sizes, seeds, orders, ([n, m], seed, order) => {
        const { round } = anyRound(oral(n, m), { seed, order, traitorCount: 1 });
        const inputs = inputsOf(round.messages, m, 'general-1');
        expect(replay(oral(n, m), inputs)).toEqual(replay(oral(n, m), inputs));
      }),
      { numRuns: 50 },
    );
  });

  it('says and decides the same in whatever order the messages come before their close', () => {
    const property = fc.property(sizes, seeds, orders, ([n, m], seed, order) => {
      const setting = oral(n, m);
      const { round } = anyRound(setting, { seed, order, traitorCount: 1 });
      const inOrder = replay(setting, inputsOf(round.messages, m, 'general-1'));
      const shuffled = shuffle(viewOf(round, 'general-1'), seed);
      expect(said(replay(setting, inputsOf(shuffled, m, 'general-1')))).toEqual(said(inOrder));
      const early = shuffled.map((message): Input => ({ kind: 'message', message }));
      const inputs = [...early, ...inputsOf([], m, 'general-1')];
      expect(said(replay(setting, inputs))).toEqual(said(inOrder));
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe('names', () => {
  it('mean nothing: renamed generals decide as before', () => {
    const property = fc.property(
      fc.constantFrom<[number, number]>([4, 1], [7, 2], [6, 2]),
      seeds,
      orders,
      ([n, m], seed, order) => {
        const setting = oral(n, m);
        const { traitors, round } = anyRound(setting, { seed, order, traitorCount: m });
        const renamed = new Map(
          setting.generals.map((id, index) => [id, `general-${(index * 11 + seed) % 97}`]),
        );
        const rename = (id: GeneralId) => renamed.get(id) ?? id;
        const original = new Map([...renamed].map(([id, name]) => [name, id]));
        const other = {
          ...setting,
          generals: shuffle(setting.generals.map(rename), seed),
          commander: rename(setting.commander),
        };
        const specs = traitors.map((general) =>
          tableOf(other, rename(general), ({ to, path }) =>
            anySaying(
              seed,
              original.get(to) ?? to,
              path.map((id) => original.get(id) ?? id),
            ),
          ),
        );
        const again = simulateRound({ setting: other, order, traitors: specs, seed });
        expect(decisionsOf(again, setting.generals.map(rename))).toEqual(
          decisionsOf(round, setting.generals),
        );
        expect(isBroken(again)).toBe(isBroken(round));
      },
    );
    fc.assert(property, { numRuns: 100 });
  });
});

describe('a lieutenant that is sent garbage', () => {
  const anyId = fc.oneof(fc.constantFrom('general-0', 'general-1', 'general-2', 'general-3'), fc.string());
  const anyEntry: fc.Arbitrary<Entry> = fc.record({
    path: fc.array(anyId, { maxLength: 4 }),
    vote: fc.oneof(orders, fc.string() as fc.Arbitrary<Vote>),
  });
  const anyMessage: fc.Arbitrary<Message> = fc.record({
    phase: fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double()),
    from: anyId,
    to: anyId,
    entries: fc.array(anyEntry, { maxLength: 5 }),
  });

  it('never throws, always decides once, and says only votes by paths that it owes', () => {
    const setting = oral(4, 1);
    const property = fc.property(fc.array(anyMessage, { maxLength: 30 }), (messages) => {
      const garbage = messages.map((message): Input => ({ kind: 'message', message }));
      const closes = inputsOf([], 1, 'general-1');
      const outputs = replay(setting, [...closes.slice(0, 1), ...garbage, ...closes.slice(1), ...garbage]);
      expect(outputs.filter(({ kind }) => kind === 'decide')).toHaveLength(1);
      for (const { entries, ...slot } of outputs.flatMap((output) =>
        output.kind === 'send' ? output.messages : [],
      )) {
        expect(entries.map(({ path }) => path)).toEqual(om.paths(setting, slot));
        for (const { vote } of entries) expect(['Attack', 'Retreat']).toContain(vote);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('a shipped strategy', () => {
  it('says the same again, and only where a loyal general would speak', () => {
    const property = fc.property(
      sizes,
      seeds,
      orders,
      fc.constantFrom(...strategyNames.filter((name) => !informal.includes(name))),
      ([n, m], seed, order, strategy) => {
        const setting = oral(n, m);
        const traitors = setting.generals.slice(0, m).map((general) => ({ general, strategy }));
        const round = simulateRound({ setting, order, traitors, seed });
        expect(simulateRound({ setting, order, traitors, seed }).messages).toEqual(round.messages);
        expect(round.ignored).toEqual([]);
        for (const { entries, ...slot } of round.messages) {
          const owed = om.paths(setting, slot);
          expect(owed.filter((path) => entries.some((entry) => entry.path === path))).toHaveLength(
            entries.length,
          );
        }
      },
    );
    fc.assert(property, { numRuns: 100 });
  });
});

/** What a general is given in a round: its messages of a phase, then the close of the phase. */
function inputsOf(messages: readonly Message[], m: number, to: GeneralId): Input[] {
  const inputs: Input[] = [{ kind: 'start' }];
  for (let phase = 0; phase <= m; phase += 1) {
    const ofPhase = messages.filter((message) => message.to === to && message.phase === phase);
    inputs.push(...ofPhase.map((message): Input => ({ kind: 'message', message })), { kind: 'close', phase });
  }
  return inputs;
}

function replay(setting: Setting, inputs: readonly Input[]): Output[] {
  let state: OmState = om.init(setting, 'general-1');
  return inputs.flatMap((input) => {
    const next = om.step(state, input);
    state = next.state;
    return [...next.outputs];
  });
}

/** What others can notice; how a phase ended is not among it. */
function said(outputs: readonly Output[]): Output[] {
  return outputs.filter(({ kind }) => kind === 'send' || kind === 'decide');
}

function shuffle<Item>(items: readonly Item[], seed: number): Item[] {
  const lots = items.map((item, index) => ({ item, lot: random(seed, 'shuffle', index) }));
  return lots.sort((left, right) => left.lot - right.lot).map(({ item }) => item);
}
