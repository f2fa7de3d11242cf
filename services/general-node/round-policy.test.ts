/**
 * Who may do what in a round's space and in the control space, act by act, on the state machine itself.
 */
import type { Mode, Setting } from '../consensus/index.js';
import { generalIds } from '../consensus/index.js';
import { systemClock } from '../runtime/index.js';
import type { Caller, Template, Tuple, TupleSpace } from '../tuplespace/index.js';
import { any, createToken, hashToken, MemoryStore, template } from '../tuplespace/index.js';
import {
  assignmentTemplate,
  controlSettings,
  controlSpace,
  nodeTemplate,
  seenTemplate,
} from './control-tuples.js';
import {
  briefTemplate,
  decisionTemplate,
  endTuple,
  inboxTemplates,
  labTemplate,
  messageTemplates,
  outboxTemplates,
  roundSettings,
  roundTemplate,
  seatTemplate,
} from './tuples.js';

const modes: readonly Mode[] = ['mailbox', 'signed', 'board'];
const [one, two] = ['general-1', 'general-2'] as const;
const space = 'round-1';
const report = template('report', ...new Array(7).fill(any));
const letters: Readonly<Record<Mode, (from: string, to: string) => readonly Tuple[]>> = {
  mailbox: (from, to) => [
    ['proposal', from, to, 'Attack', 0n],
    ['vote', from, to, 'Attack', 1n, ['general-0', from]],
  ],
  signed: (from, to) => [
    ['proposal', from, to, 'Attack', 0n, [[]]],
    ['vote', from, to, ['Attack'], 1n, [['general-0', from]], [[]]],
  ],
  board: (from) => [
    ['proposal', from, 'Attack', 0n],
    ['vote', from, 'Attack', 1n, ['general-0', from]],
  ],
};

describe.each(modes)('in a round in mode %s', (mode) => {
  let store: MemoryStore;
  let orchestrator: TupleSpace;
  let general: TupleSpace;
  let viewer: TupleSpace;
  let node: TupleSpace;

  async function as(caller: Caller): Promise<TupleSpace> {
    const token = createToken();
    await orchestrator.putToken({ tokenHash: hashToken(token), caller });
    return store.session(token);
  }

  beforeEach(async () => {
    store = new MemoryStore({ clock: systemClock, version: 'test' });
    await store.start();
    const { token } = await store.session('').enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
    orchestrator = store.session(token);
    const generals = generalIds(4);
    const setting: Setting = {
      protocol: 'om',
      mode,
      generals,
      commander: 'general-0',
      isCouncil: false,
      traitorsMax: 1,
    };
    await orchestrator.putSpace({ space, settings: roundSettings(setting) });
    general = await as({ kind: 'general', id: one, epoch: 1, space });
    viewer = await as({ kind: 'viewer', id: 'viewer', epoch: 0 });
    node = await as({ kind: 'node', id: 'node1', epoch: 0 });
  });
  afterEach(() => store.stop());

  const write = (who: TupleSpace, ...tuples: Tuple[]) => who.write({ space, tuples });
  const read = (who: TupleSpace, ...templates: Template[]) => who.read({ space, templates });
  const refused = async (act: Promise<unknown>, code = 'permission_denied') =>
    expect(await act.catch((error: unknown) => error)).toMatchObject({ code });

  test('a general speaks in its own name, in the form of the mode, and in no other', async () => {
    for (const letter of letters[mode](one, two)) await write(general, letter);
    for (const letter of letters[mode](two, one)) await refused(write(general, letter));
    for (const other of modes.filter((each) => each !== mode))
      for (const letter of letters[other](one, two)) await refused(write(general, letter));
    await write(general, ['decision', one, 'Attack'], ['report', one, 1, 1, 1, 1n, 1n, [1, 1, 1]]);
    await write(general, ['key', one, 1n, new Uint8Array(32)]);
    await refused(write(general, ['decision', two, 'Attack']));
    await refused(write(general, ['key', one, 2n, new Uint8Array(32)]));
  });

  test('a general reads all that it follows, and nothing of what is not for it', async () => {
    await read(general, roundTemplate, briefTemplate(one), ...inboxTemplates(one), ...outboxTemplates(one));
    await read(general, decisionTemplate);
    const others = [briefTemplate(two), template('brief', any, any, any), labTemplate, seatTemplate, report];
    for (const each of others) await refused(read(general, each));
    for (const [kind = '', , to = '', ...rest] of letters[mode](two, two)) {
      const theirs = template(kind, any, mode === 'board' ? any : to, ...rest.map(() => any));
      await (mode === 'board' ? read(general, theirs) : refused(read(general, theirs)));
    }
    if (mode !== 'board') await refused(read(general, ...messageTemplates));
  });

  test('nobody closes, judges, briefs, seats or takes but who may', async () => {
    const acts: Tuple[] = [
      ['close', 0n],
      endTuple({ kind: 'verdict', summary: '', result: '{}' }),
      endTuple({ kind: 'cancelled', because: '' }),
      ['brief', one, 'Attack', null],
      ['seat', one, 'node1', 2n],
      ['lab', 1n, 'Attack', '[]', '[]'],
      ['round', 1n],
    ];
    for (const who of [general, viewer, node, store.session('')])
      for (const tuple of acts) await refused(write(who, tuple));
    for (const who of [general, orchestrator])
      await refused(who.take({ space, templates: [template('close', any)] }));
    for (const who of [general, viewer, node]) await refused(who.dropSpace({ space }));
    await refused(general.lease({ space, ttlMs: 1_000 }));
  });

  test('a viewer sees the mail only after the end, and a node nothing at all', async () => {
    await read(viewer, roundTemplate, seatTemplate, decisionTemplate, report);
    await refused(read(viewer, labTemplate));
    await refused(read(viewer, ...messageTemplates));
    await refused(read(node, roundTemplate));
    await write(orchestrator, endTuple({ kind: 'verdict', summary: '', result: '{}' }));
    await read(viewer, labTemplate, ...messageTemplates);
    await refused(read(node, roundTemplate));
  });

  test('after the end nobody speaks any more', async () => {
    await write(orchestrator, endTuple({ kind: 'cancelled', because: 'enough' }));
    for (const letter of letters[mode](one, two))
      await refused(write(general, letter), 'failed_precondition');
    await refused(write(general, ['decision', one, 'Attack']), 'failed_precondition');
  });
});

test('in the control space a node speaks for itself and learns of its own seats alone', async () => {
  const store = new MemoryStore({ clock: systemClock, version: 'test' });
  await store.start();
  const enrolled = async (kind: 'node' | 'client', id: string) =>
    store.session((await store.session('').enrol({ kind, id, secret: '' })).token);
  const node = await enrolled('node', 'node1');
  await node.putSpace({ space: controlSpace, settings: controlSettings });
  const own = ['node', 'node1', 'first', '', [], 4n, 3_000n, 1n];
  await node.write({ space: controlSpace, tuples: [own, ['seen', 'node1', 'first']] });
  await node.read({ space: controlSpace, templates: [assignmentTemplate({ node: 'node1' })] });
  await node.take({ space: controlSpace, templates: [nodeTemplate({ node: 'node1' })] });
  const acts = (who: TupleSpace) => [
    who.write({ space: controlSpace, tuples: [['node', 'node2', ...own.slice(2)]] }),
    who.write({ space: controlSpace, tuples: [['assignment', 'node1', 'first', 1n, one, 1n, 'token']] }),
    who.write({ space: controlSpace, tuples: [['round', 1n, '', '', '']] }),
    who.read({ space: controlSpace, templates: [assignmentTemplate({})] }),
    who.read({ space: controlSpace, templates: [seenTemplate] }),
    who.take({ space: controlSpace, templates: [nodeTemplate({ node: 'node2' })] }),
    who.dropSpace({ space: controlSpace }),
  ];
  for (const act of [...acts(node), ...acts(await enrolled('client', 'stranger'))])
    expect(await act.catch((error: unknown) => error)).toMatchObject({ code: 'permission_denied' });
  await store.stop();
});
