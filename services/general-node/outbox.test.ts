import type { Message } from '../consensus/index.js';
import { type ErrorCode, ServiceError, silentLog } from '../runtime/index.js';
import type { StoredTuple, Tuple } from '../tuplespace/index.js';
import { Outbox } from './outbox.js';
import { decisionTuple, messageTuple } from './tuples.js';

const self = 'general-1';
const never = new AbortController().signal;

/** An outbox, and what it wrote, step by step; `refusing` says which tuples the space takes not, and why. */
function scene(refusing: (tuple: Tuple) => ErrorCode | undefined = () => undefined) {
  const steps: (readonly Tuple[])[] = [];
  const outbox = new Outbox({
    self,
    log: silentLog,
    async write(tuples) {
      const code = tuples.map(refusing).find((one) => one !== undefined);
      if (code !== undefined) throw new ServiceError(code, 'the space takes it not');
      steps.push(tuples);
    },
  });
  return { outbox, steps };
}

function relay(to: string, vote: 'Attack' | 'Retreat' = 'Attack'): Message {
  return { phase: 1, from: self, to, entries: [{ path: ['general-0', self], vote }] };
}

function stored(values: Tuple, writer = self): StoredTuple {
  return { id: 1n, values, writer, writerEpoch: 1, revision: 1n, writtenAtMs: 0, deliveryCount: 0 };
}

describe('what a loyal general says', () => {
  test('goes in one step, all messages of a phase together', async () => {
    const { outbox, steps } = scene();
    const messages = [relay('general-2'), relay('general-3')];
    await outbox.send(messages, never);
    expect(steps).toEqual([messages.map((message) => messageTuple(message))]);
    expect(outbox.sentCount).toBe(2);
  });

  test('is not said again to a slot that an earlier start has filled', async () => {
    const { outbox, steps } = scene();
    outbox.recall([stored(messageTuple(relay('general-2')))]);
    await outbox.send([relay('general-2', 'Retreat'), relay('general-3')], never);
    expect(steps).toEqual([[messageTuple(relay('general-3'))]]);
    expect(outbox.sentCount).toBe(2);
  });

  test('is not written at all when everything has been said before', async () => {
    const { outbox, steps } = scene();
    outbox.recall([stored(messageTuple(relay('general-2')))]);
    await outbox.send([relay('general-2')], never);
    expect(steps).toEqual([]);
  });

  test('is told by its own tuples alone', async () => {
    const { outbox, steps } = scene();
    const forged = stored(messageTuple(relay('general-2')), 'general-3');
    outbox.recall([forged, stored(decisionTuple(self, 'Attack')), stored(['vote', self])]);
    await outbox.send([relay('general-2')], never);
    expect(steps).toHaveLength(1);
  });

  test('fails with what the space says', async () => {
    const { outbox } = scene(() => 'already_exists');
    await expect(outbox.send([relay('general-2')], never)).rejects.toMatchObject({ code: 'already_exists' });
    expect(outbox.sentCount).toBe(0);
  });

  test('is written in the form of the mode', async () => {
    const { outbox, steps } = scene();
    outbox.mode = 'board';
    const posted: Message = {
      phase: 0,
      from: self,
      to: 'everyone',
      entries: [{ path: [self], vote: 'Attack' }],
    };
    await outbox.send([posted], never);
    expect(steps).toEqual([[['proposal', self, 'Attack', 0n]]]);
  });
});

describe('what a traitor says', () => {
  const isToTwo = ([, , to]: Tuple) => (to === 'general-2' ? ('already_exists' as const) : undefined);

  test('goes without what the space refuses', async () => {
    const { outbox, steps } = scene(isToTwo);
    await outbox.sendAnyway([relay('general-2'), relay('general-3')], never);
    expect(steps).toEqual([[messageTuple(relay('general-3'))]]);
    expect(outbox.sentCount).toBe(1);
  });

  test.each<ErrorCode>(['already_exists', 'invalid_argument', 'permission_denied'])(
    'may be refused as %s, and nothing else of it is hindered',
    async (code) => {
      const { outbox, steps } = scene(() => code);
      await outbox.sendAnyway([relay('general-2'), relay('general-3')], never);
      expect(steps).toEqual([]);
    },
  );

  test('waits for nobody when the space is lost: that is for whoever runs it', async () => {
    const { outbox } = scene(() => 'unavailable');
    const saying = outbox.sendAnyway([relay('general-2'), relay('general-3')], never);
    await expect(saying).rejects.toMatchObject({ code: 'unavailable' });
  });
});
