import { ServiceError } from '../../../runtime/index.js';
import type { LeaseAnswer, TakeAnswer } from '../../space.js';
import { type Recorder, Requests } from './requests.js';

const mebibyte = 1024 * 1024;
const answer: TakeAnswer = { tuples: [], revision: 1n };

/** Makes takes with the ids of one session. */
class Session {
  readonly requests = new Requests();
  lowestUnanswered = 1;

  take(
    sequence: number,
    effect: (recorder: Recorder<TakeAnswer>) => TakeAnswer | Promise<TakeAnswer>,
    nowMs = 0,
  ): TakeAnswer | Promise<TakeAnswer> {
    const requestId = { session: 'session', sequence, lowestUnanswered: this.lowestUnanswered };
    return this.requests.once('take', { callerId: 'client', requestId, nowMs }, effect);
  }
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'done';
  } catch (error) {
    return error instanceof ServiceError ? error.code : String(error);
  }
}

describe('records of request ids', () => {
  it('run an effect once', () => {
    const session = new Session();
    const effect = jest.fn((recorder: Recorder<TakeAnswer>) => recorder.keep(answer));
    expect(session.take(1, effect)).toBe(answer);
    expect(session.take(1, effect)).toBe(answer);
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it('keep a bounded number of bytes, until their client moves on', () => {
    const session = new Session();
    const large = (recorder: Recorder<TakeAnswer>) => recorder.keep(answer, 200 * mebibyte);
    void session.take(1, large);
    void session.take(2, large);
    expect(codeOf(() => session.take(3, large))).toBe('resource_exhausted');
    expect(codeOf(() => session.take(2, large))).toBe('done');
    session.lowestUnanswered = 3;
    expect(codeOf(() => session.take(3, large))).toBe('done');
  });

  it('keep a bounded number of answers, and of sessions', () => {
    const session = new Session();
    const small = (recorder: Recorder<TakeAnswer>) => recorder.keep(answer);
    for (let sequence = 1; sequence <= 100_000; sequence++) void session.take(sequence, small);
    expect(codeOf(() => session.take(100_001, small))).toBe('resource_exhausted');
    const requests = new Requests();
    const lease: LeaseAnswer = { leaseId: 'lease', expiresAtMs: 1, revision: 0n };
    const grant = (name: string, nowMs = 0) => {
      const requestId = { session: name, sequence: 1, lowestUnanswered: 1 };
      return requests.once('lease', { callerId: 'client', requestId, nowMs }, (recorder) =>
        recorder.keep(lease),
      );
    };
    for (let i = 0; i < 10_000; i++) void grant(`session ${i}`);
    expect(codeOf(() => grant('one more'))).toBe('resource_exhausted');
    expect(codeOf(() => grant('one more', 10 * 60_000))).toBe('done');
  });

  it('end the wait of a call that its client has given up', () => {
    const session = new Session();
    const failed: string[] = [];
    const wait = (recorder: Recorder<TakeAnswer>) => {
      recorder.wait((error) => failed.push(error.code));
      return new Promise<TakeAnswer>(() => {});
    };
    void session.take(1, wait);
    session.lowestUnanswered = 2;
    void session.take(2, (recorder) => recorder.keep(answer));
    expect(failed).toEqual(['aborted']);
  });

  it('say nothing more to a call whose wait is over', () => {
    const session = new Session();
    const failed: string[] = [];
    const end: (() => void)[] = [];
    void session.take(1, (recorder) => {
      end.push(recorder.wait((error) => failed.push(error.code)));
      return new Promise<TakeAnswer>(() => {});
    });
    for (const over of end) over();
    expect(session.take(1, (recorder) => recorder.keep(answer))).toBe(answer);
    expect(failed).toEqual([]);
  });
});
