/**
 * A dump is the machine: what is restored from it cannot be told from what was dumped. A failure prints its seed and path; give them to
 * `fc.assert` to replay it.
 */
import * as fc from 'fast-check';
import { type Act, anyAct, MachineRun } from './machine-run.suite.js';

/** A run that has some of everything: tuples under terms and holds, records, events, refusals. */
const busy: Act[] = fc.sample(anyAct, { numRuns: 400, seed: 7 });

function runOf(acts: readonly Act[]): MachineRun {
  const run = new MachineRun();
  for (const act of acts) run.run(act);
  return run;
}

function bytesOf({ machine }: MachineRun): Buffer {
  return Buffer.concat([...machine.dump()]);
}

function restored(run: MachineRun): MachineRun {
  const copy = new MachineRun(run);
  copy.machine.restoreNow([...run.machine.dump()]);
  return copy;
}

describe('a machine that is restored from a dump', () => {
  it('answers everything as the one that was dumped, whatever was done to it before', () => {
    fc.assert(
      fc.property(
        fc.array(anyAct, { maxLength: 120, size: 'max' }),
        fc.array(anyAct, { minLength: 1, maxLength: 80, size: 'max' }),
        (before, after) => {
          const original = runOf(before);
          const copy = restored(original);
          expect(bytesOf(copy).equals(bytesOf(original))).toBe(true);
          for (const [step, act] of after.entries()) {
            const answer = original.run(act);
            expect(`${step} ${act.kind}: ${copy.run(act)}`).toBe(`${step} ${act.kind}: ${answer}`);
          }
          expect(bytesOf(copy).equals(bytesOf(original))).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is the same whether its dump comes in one part or byte by byte', async () => {
    const original = runOf(busy);
    const bytes = bytesOf(original);
    const copy = new MachineRun(original);
    await copy.machine.restore(
      (async function* parts() {
        for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7);
      })(),
    );
    expect(bytesOf(copy).equals(bytes)).toBe(true);
  });

  it('is the same over dumps of several parts', () => {
    const original = new MachineRun();
    const steps = original.machine.steps(undefined);
    for (let i = 0; i < 300; i++) {
      steps.write({ space: 'default', tuples: [['big', BigInt(i), 'x'.repeat(3_000)]] });
    }
    expect([...original.machine.dump()].length).toBeGreaterThan(3);
    expect(bytesOf(restored(original)).equals(bytesOf(original))).toBe(true);
  });

  it('gives the answers that were kept by request id, secrets included', () => {
    const original = new MachineRun();
    const requestId = (sequence: number) => ({ session: 'a', sequence, lowestUnanswered: 1 });
    const steps = original.machine.steps(undefined);
    const space = 'default';
    steps.write({ space, tuples: [['job', 1n]] });
    const takeRequest = {
      space,
      templates: [[{ kind: 'any' as const }, { kind: 'any' as const }]],
      holdMs: 500,
      requestId: requestId(1),
    };
    const taken = steps.take(takeRequest);
    const leased = steps.lease({ space, ttlMs: 500, requestId: requestId(2) });
    const copy = restored(original).machine.steps(undefined);
    expect(copy.take(takeRequest)).toEqual(taken);
    expect(copy.lease({ space, ttlMs: 500, requestId: requestId(2) })).toEqual(leased);
  });
});

describe('a dump that is not whole', () => {
  const failedPrecondition = expect.objectContaining({ code: 'failed_precondition' });
  const restore = (bytes: Buffer) => new MachineRun().machine.restoreNow([bytes]);

  it('is refused wherever it is cut', () => {
    const bytes = bytesOf(runOf(busy));
    const cuts = fc.integer({ min: 0, max: bytes.length - 1 });
    fc.assert(
      fc.property(cuts, (length) => {
        expect(() => restore(bytes.subarray(0, length))).toThrow(failedPrecondition);
      }),
    );
  });

  it('is refused when records are lost from its middle, or something follows on its end', () => {
    const bytes = bytesOf(runOf(busy));
    // The first record after the header.
    const header = 5 + bytes.readUInt32LE(1);
    const second = header + 5 + bytes.readUInt32LE(header + 1);
    const without = Buffer.concat([bytes.subarray(0, header), bytes.subarray(second)]);
    expect(() => restore(without)).toThrow(failedPrecondition);
    expect(() => restore(Buffer.concat([bytes, bytes]))).toThrow(failedPrecondition);
  });

  it('is refused when it is of another format, or no dump at all', () => {
    const bytes = Buffer.from(bytesOf(new MachineRun()));
    expect(bytes.subarray(0, 7)).toEqual(Buffer.from([1, 2, 0, 0, 0, 8, 2]));
    bytes[6] = 99;
    expect(() => restore(bytes)).toThrow(/format 99/);
    expect(() => restore(Buffer.from('what is this'))).toThrow(failedPrecondition);
  });
});
