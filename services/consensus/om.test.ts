import { type OmState, om } from './om.js';
import type { Input, Message, Output, Vote } from './protocol.js';
import { ids, oral } from './testing/builders.js';

const start: Input = { kind: 'start' };

function message(phase: number, from: number, to: number, ...said: [Vote, ...number[]][]): Input {
  const entries = said.map(([vote, ...path]) => ({ path: ids(...path), vote }));
  const sent: Message = { phase, from: `general-${from}`, to: `general-${to}`, entries };
  return { kind: 'message', message: sent };
}

function close(phase: number): Input {
  return { kind: 'close', phase };
}

/** Feeds inputs to a general that has not begun. */
function feed(state: OmState, ...inputs: readonly Input[]): { state: OmState; outputs: Output[] } {
  const outputs: Output[] = [];
  let now = state;
  for (const input of inputs) {
    const next = om.step(now, input);
    now = next.state;
    outputs.push(...next.outputs);
  }
  return { state: now, outputs };
}

describe('a loyal commander', () => {
  it('sends its order to everybody, decides it, and owes nothing after', () => {
    const { state, outputs } = feed(om.init(oral(3, 1), 'general-0'), { kind: 'start', order: 'Attack' });
    const entries = [{ path: ids(0), vote: 'Attack' }];
    expect(outputs).toEqual([
      {
        kind: 'send',
        phase: 0,
        messages: [
          { phase: 0, from: 'general-0', to: 'general-1', entries },
          { phase: 0, from: 'general-0', to: 'general-2', entries },
        ],
      },
      { kind: 'decide', vote: 'Attack' },
    ]);
    expect(feed(state, close(0), close(1)).outputs).toEqual([]);
    expect(om.explain(state)).toBeUndefined();
  });

  it('cannot start without an order, nor twice', () => {
    const state = om.init(oral(3, 1), 'general-0');
    expect(() => feed(state, start)).toThrow('order');
    const order: Input = { kind: 'start', order: 'Attack' };
    expect(() => feed(state, order, order)).toThrow('starts once');
  });
});

describe('a loyal lieutenant', () => {
  const fresh = om.init(oral(4, 1), 'general-1');
  const relay = (vote: Vote) => ({
    kind: 'send',
    phase: 1,
    messages: ids(2, 3).map((to) => ({
      phase: 1,
      from: 'general-1',
      to,
      entries: [{ path: ids(0, 1), vote }],
    })),
  });

  it('relays as soon as the order came, and decides as soon as all relays came', () => {
    const { outputs } = feed(
      fresh,
      start,
      message(0, 0, 1, ['Attack', 0]),
      message(1, 3, 1, ['Retreat', 0, 3]),
      message(1, 2, 1, ['Attack', 0, 2]),
    );
    expect(outputs).toEqual([
      { kind: 'phase-ended', phase: 0, by: 'full' },
      relay('Attack'),
      { kind: 'phase-ended', phase: 1, by: 'full' },
      { kind: 'decide', vote: 'Attack' },
    ]);
  });

  it('relays the default for an order that did not come', () => {
    expect(feed(fresh, start, close(0)).outputs).toEqual([
      { kind: 'phase-ended', phase: 0, by: 'close' },
      relay('Retreat'),
    ]);
  });

  it('counts the default for what did not come', () => {
    const { outputs } = feed(fresh, start, message(0, 0, 1, ['Attack', 0]), close(1));
    expect(outputs.at(-1)).toEqual({ kind: 'decide', vote: 'Retreat' });
  });

  it('keeps messages of later phases, and those from before its start, until their phase begins', () => {
    const early = [message(1, 2, 1, ['Attack', 0, 2]), message(1, 3, 1, ['Attack', 0, 3])];
    const waiting = feed(fresh, ...early);
    expect(waiting.outputs).toEqual([]);
    const { outputs } = feed(waiting.state, start, close(0));
    expect(outputs).toEqual([
      { kind: 'phase-ended', phase: 0, by: 'close' },
      relay('Retreat'),
      { kind: 'phase-ended', phase: 1, by: 'full' },
      { kind: 'decide', vote: 'Attack' },
    ]);
  });

  it('ends every phase up to the one that is closed', () => {
    expect(feed(fresh, start, close(1)).outputs.map(({ kind }) => kind)).toEqual([
      'phase-ended',
      'send',
      'phase-ended',
      'decide',
    ]);
  });

  it('says nothing to closes of phases that are over, nor after its decision', () => {
    const order = message(0, 0, 1, ['Attack', 0]);
    expect(feed(feed(fresh, start, order).state, close(0)).outputs).toEqual([]);
    expect(feed(feed(fresh, start, close(1)).state, close(0), close(1), close(2)).outputs).toEqual([]);
  });

  it('leaves the state that it was given as it was', () => {
    const { state } = feed(fresh, start);
    const before = structuredClone(state.heard);
    feed(state, message(0, 0, 1, ['Attack', 0]), close(1));
    expect(state.heard).toEqual(before);
    expect(state.phase).toBe(0);
  });

  it('sends in one message all that it owes a recipient, in canonical order', () => {
    const { outputs } = feed(om.init(oral(5, 2), 'general-1'), start, close(1));
    const sent = outputs.filter((output) => output.kind === 'send').at(-1);
    expect(sent?.messages.map(({ to, entries }) => [to, entries.map(({ path }) => path)])).toEqual([
      ['general-2', [ids(0, 3, 1), ids(0, 4, 1)]],
      ['general-3', [ids(0, 2, 1), ids(0, 4, 1)]],
      ['general-4', [ids(0, 2, 1), ids(0, 3, 1)]],
    ]);
  });
});

describe('what does not count', () => {
  const begun = feed(om.init(oral(5, 2), 'general-1'), start).state;

  it.each([
    { why: 'a lieutenant has no order to give', input: message(0, 2, 1, ['Attack', 0]) },
    { why: 'the commander does not relay', input: message(1, 0, 1, ['Attack', 0, 0]) },
    { why: 'it goes to another', input: message(0, 0, 2, ['Attack', 0]) },
    { why: 'its sender is a stranger', input: message(1, 7, 1, ['Attack', 0, 7]) },
    { why: 'its sender is the recipient', input: message(1, 1, 1, ['Attack', 0, 1]) },
    { why: 'there is no such phase', input: message(3, 2, 1, ['Attack', 0, 3, 4, 2]) },
    { why: 'phases are whole', input: message(0.5, 0, 1, ['Attack', 0]) },
  ])('is a message that nobody owes: $why', ({ input }) => {
    expect(feed(begun, input).outputs).toMatchObject([{ kind: 'ignored', reason: 'not_owed' }]);
  });

  it('is a second message in a slot, whatever it says, and the first stands', () => {
    const { state, outputs } = feed(begun, message(0, 0, 1, ['Attack', 0]), message(0, 0, 1, ['Retreat', 0]));
    expect(outputs.at(-1)).toEqual({
      kind: 'ignored',
      slot: { phase: 0, from: 'general-0', to: 'general-1' },
      reason: 'slot_filled',
    });
    expect(om.explain(state)?.heard).toBe('Attack');
  });

  it('is a message after the end of its phase, and after the decision', () => {
    const late = message(0, 0, 1, ['Attack', 0]);
    const ignored = [{ kind: 'ignored', reason: 'late' }];
    expect(feed(feed(begun, close(0)).state, late).outputs).toMatchObject(ignored);
    expect(feed(feed(begun, close(2)).state, late).outputs).toMatchObject(ignored);
  });

  it.each([
    { what: 'a path of another phase', path: [0] },
    { what: 'a path of another sender', path: [0, 3] },
    { what: 'a path through the recipient', path: [0, 1] },
    { what: 'a path from another commander', path: [3, 2] },
    { what: 'a path through a stranger', path: [7, 2] },
    { what: 'no path', path: [] },
  ])('is an entry with $what', ({ path }) => {
    expect(feed(begun, message(1, 2, 1, ['Attack', ...path])).outputs).toEqual([
      {
        kind: 'ignored',
        slot: { phase: 1, from: 'general-2', to: 'general-1' },
        reason: 'illegal_path',
        path: ids(...path),
      },
    ]);
  });

  it('is judged entry by entry: what is legal beside it counts, and the slot is filled', () => {
    const { state, outputs } = feed(
      begun,
      message(
        2,
        2,
        1,
        ['Attack', 0, 4, 2],
        ['Retreat', 0, 4, 2],
        ['maybe' as Vote, 0, 3, 2],
        ['Attack', 0, 2, 2],
      ),
      message(2, 2, 1, ['Attack', 0, 3, 2]),
    );
    expect(outputs.map((output) => (output.kind === 'ignored' ? output.reason : output.kind))).toEqual([
      'repeated_path',
      'illegal_vote',
      'illegal_path',
      'slot_filled',
    ]);
    const heardBy = (path: number[]) =>
      path
        .slice(1)
        .reduce(
          (node, id) => node?.children.find((child) => child.path.at(-1) === `general-${id}`),
          om.explain(state),
        )?.heard;
    expect(heardBy([0, 4, 2])).toBe('Attack');
    expect(heardBy([0, 3, 2])).toBeUndefined();
  });

  it('is not held against a legal vote for the same path that comes after an illegal one', () => {
    const entries: [Vote, ...number[]][] = [
      ['' as Vote, 0, 2],
      ['Attack', 0, 2],
    ];
    const { state, outputs } = feed(begun, message(1, 2, 1, ...entries));
    expect(outputs).toMatchObject([{ reason: 'illegal_vote' }]);
    expect(om.explain(state)?.children[0]?.heard).toBe('Attack');
  });

  it('still fills its slot when it has no entries', () => {
    expect(feed(begun, message(0, 0, 1)).outputs[0]).toEqual({ kind: 'phase-ended', phase: 0, by: 'full' });
  });
});

describe('settings outside every bound', () => {
  it.each([
    [2, 0],
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 3],
    [4, 4],
    [6, 2],
  ])('run at n = %i, m = %i: phases in which nothing is owed end at once', (n, m) => {
    const { outputs } = feed(om.init(oral(n, m), 'general-1'), start, message(0, 0, 1, ['Attack', 0]));
    const ended = outputs.filter(({ kind }) => kind === 'phase-ended');
    expect(ended).toHaveLength(n === 2 ? m + 1 : 1);
    expect(outputs.some(({ kind }) => kind === 'decide')).toBe(n === 2 || m === 0);
    expect(outputs.every((output) => output.kind !== 'send' || output.messages.length > 0)).toBe(true);
  });
});
