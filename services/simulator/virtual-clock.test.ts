import { VirtualClock } from './virtual-clock.js';

describe('the virtual clock', () => {
  test('runs timers in the order in which they are due, and those of one moment as they were set', () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    for (const [name, delayMs] of [
      ['d', 9],
      ['b', 5],
      ['a', 1.5],
      ['c', 5],
    ] as const) {
      clock.after(delayMs, () => ran.push(`${name} at ${clock.elapsedMs}`));
    }
    while (clock.step());
    expect(ran).toEqual(['a at 1.5', 'b at 5', 'c at 5', 'd at 9']);
  });

  test('agrees with a sorted list, for many timers of which some are stopped', () => {
    const clock = new VirtualClock();
    const delays = Array.from({ length: 500 }, (_, i) => (i * 7919) % 211);
    const ran: number[] = [];
    const stops = delays.map((delayMs, i) => clock.after(delayMs, () => ran.push(i)));
    stops.forEach((stop, i) => {
      if (i % 3 === 0) stop();
    });
    while (clock.step());
    const expected = delays
      .map((delayMs, i) => ({ delayMs, i }))
      .filter(({ i }) => i % 3 !== 0)
      .sort((left, right) => left.delayMs - right.delayMs || left.i - right.i)
      .map(({ i }) => i);
    expect(ran).toEqual(expected);
    expect(clock.timerCount).toBe(0);
  });

  test('is quiet only when promises and turns of the event loop have run out', async () => {
    const clock = new VirtualClock();
    let hopCount = 0;
    const work = async (): Promise<void> => {
      for (; hopCount < 50; hopCount += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        clock.touch();
      }
    };
    void work();
    await clock.quiet();
    expect(hopCount).toBe(50);
  });

  test('tells whole milliseconds as the time of day', () => {
    const clock = new VirtualClock();
    clock.after(0.75, () => {});
    clock.step();
    expect(Number.isInteger(clock.wallMs())).toBe(true);
    expect(clock.elapsedMs).toBe(0.75);
  });
});
