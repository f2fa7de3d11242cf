/**
 * A port of this machine that nothing listens on, for a process that can't be asked which port it took.
 *
 * It is drawn from below the range that the kernel hands to outgoing connections (32,768 and up on Linux, 49,152 on
 * macOS): what was free there a moment ago may be the near end of somebody's connection when the process binds it.
 */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST_PORT = 15_000;
const LAST_PORT = 31_999;
const DRAWS_MAX = 100;

export async function freePort(): Promise<number> {
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${DRAWS_MAX} drawn from ${FIRST_PORT} to ${LAST_PORT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
