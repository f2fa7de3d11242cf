/**
 * The thread that waits beside a node that hangs (chaos.ts), and wakes it when it is asked to.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ServiceError, silentLog, startGrpcServer, systemClock, Tls } from '../runtime/index.js';
import type { WakerData } from './chaos.js';
import { encodeFaultKind } from './fault-kind.js';
import { generalNodeContract } from './service.js';

const { node, address, tls, bell } = workerData as WakerData;

const server = await startGrpcServer({
  address,
  log: silentLog,
  tls: tls && new Tls(tls, { clock: systemClock, log: silentLog }),
  services: [
    {
      contract: generalNodeContract(),
      implement: (handlers) => ({
        Fault: handlers.unary(async ({ kind }: { kind: string }) => {
          if (kind !== encodeFaultKind('recover'))
            throw new ServiceError('failed_precondition', `${node} hangs already`);
          Atomics.store(bell, 0, 1);
          Atomics.notify(bell, 0);
          return { recoverAddress: '' };
        }),
      }),
    },
  ],
});
parentPort?.postMessage(server.address);
