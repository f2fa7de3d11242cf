/**
 * A replica of the service as a process of its own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServiceAddresses } from './space-service.js';
import type { StoreName } from './stores.js';

export interface StartedReplica {
  readonly addresses: ServiceAddresses;
  stop(): Promise<void>;
}

export async function startReplica(name: StoreName, url: string): Promise<StartedReplica> {
  const script = fileURLToPath(new URL('./space-service.js', import.meta.url));
  const child = fork(script, [name, url], { execArgv: ['--max-old-space-size=8192'] });
  const ended = once(child, 'exit');
  const [addresses] = (await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`the service ended with ${code}`))),
  ])) as [ServiceAddresses];
  return {
    addresses,
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
