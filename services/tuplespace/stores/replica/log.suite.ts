/**
 * What every log keeps, whichever store it is in.
 */
import { ServiceError } from '../../../runtime/index.js';
import { deferred, until } from '../../../runtime/testing/conditions.js';
import type { StoreServer } from '../../testing/server-process.js';
import { type LogEvents, type LogOpener, type OpenLog, pullMax, type Snapshot } from './log.js';

export interface LogSubject {
  /** Over the same log, each time. */
  readonly opener: LogOpener;
  readonly server: StoreServer;
}

const silent: LogEvents = { onGrowth: () => {}, onLost: () => {} };

/** Registers the suite with Jest; every test has a log of its own. */
export function logConformance(name: string, subjectOf: () => Promise<LogSubject>): void {
  describe(`the log in ${name}`, () => {
    const logs: OpenLog[] = [];
    const open = async ({ opener }: LogSubject, events: Partial<LogEvents> = {}): Promise<OpenLog> => {
      const log = await opener.open({ ...silent, ...events });
      logs.push(log);
      return log;
    };
    afterEach(async () => {
      await Promise.all(logs.splice(0).map((log) => log.close()));
    });

    it('gives entries of several writers positions without a gap, and times that never run back', async () => {
      const subject = await subjectOf();
      const [left, right] = [await open(subject), await open(subject)];
      const texts = Array.from({ length: 40 }, (_, i) => `entry ${i}`);
      await Promise.all(texts.map((text, i) => (i % 2 === 0 ? left : right).append(0, Buffer.from(text))));
      const { entries, headPosition } = await (await open(subject)).pull(0);
      expect(headPosition).toBe(40);
      expect(entries.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      expect(entries.map(({ body }) => Buffer.from(body).toString()).sort()).toEqual([...texts].sort());
      const times = entries.map(({ timeMs }) => timeMs);
      expect(times).toEqual([...times].sort((left, right) => left - right));
    });

    it('tells a writer what others appended before it', async () => {
      const subject = await subjectOf();
      const [left, right] = [await open(subject), await open(subject)];
      await left.append(0, Buffer.from('a'));
      await left.append(1, Buffer.from('b'));
      const { position, missed } = await right.append(1, Buffer.from('c'));
      expect(position).toBe(3);
      expect(missed.map((entry) => Buffer.from(entry.body).toString())).toEqual(['b']);
    });

    it('takes what one writer appends in the order in which it was begun, though several are under way', async () => {
      const subject = await subjectOf();
      const [left, right] = [await open(subject), await open(subject)];
      await right.append(0, Buffer.from('another'));
      const appended = await Promise.all(
        Array.from({ length: 20 }, (_, i) => left.append(i, Buffer.from([i]))),
      );
      expect(appended.map(({ position }) => position)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
      // What was said to be on its way is not told again; it stands one further back than was thought.
      expect(appended.map(({ missed }) => missed.length)).toEqual(Array.from({ length: 20 }, () => 1));
      expect((await left.append(1_000, Buffer.from('x'))).missed).toEqual([]);
    });

    it('has what was acknowledged in every later pull, of any connection', async () => {
      const subject = await subjectOf();
      const [writer, reader] = [await open(subject), await open(subject)];
      for (let i = 1; i <= 20; i++) {
        await writer.append(i - 1, Buffer.from([i]));
        expect((await reader.pull(i - 1)).entries.map(({ body }) => body[0])).toEqual([i]);
      }
    });

    it('gives its entries in pages, and keeps bodies of a megabyte whole', async () => {
      const subject = await subjectOf();
      const log = await open(subject);
      const big = Buffer.alloc(1024 * 1024, 7);
      await log.append(0, big);
      await Promise.all(Array.from({ length: pullMax }, (_, i) => log.append(1 + i, Buffer.from('x'))));
      const first = await log.pull(0);
      expect(first.entries).toHaveLength(pullMax);
      expect(first.headPosition).toBe(pullMax + 1);
      expect(Buffer.compare(first.entries[0]?.body ?? Buffer.alloc(0), big)).toBe(0);
      expect((await log.pull(pullMax)).entries).toHaveLength(1);
    });

    it('tells its other readers that it has grown', async () => {
      const subject = await subjectOf();
      const heard = deferred<number>();
      await open(subject, { onGrowth: (position) => position > 0 && heard.resolve(position) });
      await (await open(subject)).append(0, Buffer.from('x'));
      expect(await heard.promise).toBe(1);
    });

    it('puts a snapshot in the place of the last, and forgets the entries before it but for some', async () => {
      const subject = await subjectOf();
      const log = await open(subject);
      expect(await log.readSnapshot()).toBeUndefined();
      for (let i = 0; i < 10; i++) await log.append(i, Buffer.from([i]));
      expect(await log.writeSnapshot(snapshotOf(4, ['old']), 2)).toBe(true);
      expect(await log.writeSnapshot(snapshotOf(8, ['new', 'parts']), 2)).toBe(true);
      expect(await log.writeSnapshot(snapshotOf(6, ['late']), 2)).toBe(false);
      const snapshot = await log.readSnapshot();
      expect(snapshot?.position).toBe(8);
      expect(await textsOf(snapshot)).toEqual(['new', 'parts']);
      expect((await log.pull(6)).entries.map(({ position }) => position)).toEqual([7, 8, 9, 10]);
      expect((await log.append(10, Buffer.from('x'))).position).toBe(11);
    });

    it('refuses to begin behind what it forgot, and beyond its head', async () => {
      const subject = await subjectOf();
      const log = await open(subject);
      for (let i = 0; i < 10; i++) await log.append(i, Buffer.from([i]));
      await log.writeSnapshot(snapshotOf(8, ['state']), 2);
      await expect(log.pull(5)).rejects.toMatchObject({ code: 'out_of_range' });
      await expect(log.pull(11)).rejects.toMatchObject({ code: 'out_of_range' });
    });

    it('ends the reading of a snapshot that was replaced, rather than to mix two', async () => {
      const subject = await subjectOf();
      const log = await open(subject);
      for (let i = 0; i < 4; i++) await log.append(i, Buffer.from([i]));
      await log.writeSnapshot(snapshotOf(2, ['a', 'b', 'c']), 1);
      const parts = (await log.readSnapshot())?.parts[Symbol.asyncIterator]();
      await parts?.next();
      await log.writeSnapshot(snapshotOf(3, ['d']), 1);
      const rest = async () => {
        for (let next = await parts?.next(); next?.done === false; next = await parts?.next());
      };
      await expect(rest()).rejects.toMatchObject({ code: 'aborted' });
    });

    it('is lost once when the store dies, and has all that was acknowledged when it is back', async () => {
      const subject = await subjectOf();
      const lost: Error[] = [];
      const log = await open(subject, { onLost: (error) => lost.push(error) });
      let acknowledged = 0;
      const writing = (async () => {
        for (;;) {
          await log.append(acknowledged, Buffer.from('x'));
          acknowledged += 1;
        }
      })();
      await until('twenty answers', () => acknowledged >= 20);
      await subject.server.kill();
      await expect(writing).rejects.toMatchObject({ code: 'unavailable' });
      await until('the loss', () => lost.length === 1);
      await expect(subject.opener.open(silent)).rejects.toMatchObject({ code: 'unavailable' });
      await subject.server.restart();
      const { headPosition } = await (await opened(subject, logs)).pull(0);
      expect(headPosition).toBeGreaterThanOrEqual(acknowledged);
      // At most the one that was under way.
      expect(headPosition).toBeLessThanOrEqual(acknowledged + 1);
      expect(lost).toHaveLength(1);
    });

    it('is lost when the store hangs', async () => {
      const subject = await subjectOf();
      const lost = deferred<Error>();
      await open(subject, { onLost: lost.resolve });
      subject.server.pause();
      try {
        expect(await lost.promise).toMatchObject({ code: 'unavailable' });
      } finally {
        subject.server.resume();
      }
    });

    it('refuses calls once it is closed', async () => {
      const subject = await subjectOf();
      const log = await open(subject);
      await log.close();
      await expect(log.append(0, Buffer.from('x'))).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}

/** Opens a log as soon as its store is ready. */
async function opened(subject: LogSubject, logs: OpenLog[]): Promise<OpenLog> {
  for (;;) {
    try {
      const log = await subject.opener.open(silent);
      logs.push(log);
      return log;
    } catch (error) {
      if (!(error instanceof ServiceError && error.code === 'unavailable')) throw error;
    }
  }
}

function snapshotOf(position: number, texts: readonly string[]): Snapshot {
  return {
    position,
    parts: (async function* parts() {
      for (const text of texts) yield Buffer.from(text);
    })(),
  };
}

async function textsOf(snapshot: Snapshot | undefined): Promise<string[]> {
  const texts: string[] = [];
  for await (const part of snapshot?.parts ?? []) texts.push(Buffer.from(part).toString());
  return texts;
}
