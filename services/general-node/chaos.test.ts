import { silentLog, systemClock } from '../runtime/index.js';
import { Chaos } from './chaos.js';

// What is agreed to ends or stops the process, so it is tested on processes: e2e/chaos.test.ts.

function chaos(isOn: boolean): Chaos {
  const hosts = { listenHost: '127.0.0.1', host: '127.0.0.1' };
  return new Chaos({ node: 'node1', isOn, ...hosts, clock: systemClock, log: silentLog });
}

test.each(['crash', 'hang', 'recover'] as const)(
  'a node that does not allow it refuses to %s',
  async (kind) => {
    await expect(chaos(false).strike(kind, 1_000)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('general_node.chaos'),
    });
  },
);

test.each([0, 99, 600_001, Number.NaN])('a hang of %d ms is refused', async (forMs) => {
  await expect(chaos(true).strike('hang', forMs)).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('a node that does not hang has nothing to recover from', async () => {
  await expect(chaos(true).strike('recover', 0)).rejects.toMatchObject({ code: 'failed_precondition' });
});
