/**
 * A replica of the tuple space, and a bare echo beside it, in a process of their own; started by space.ts, and gone with it.
 */
import { silentLog } from '../../services/runtime/index.js';
import { startTupleSpace } from '../../services/tuplespace/index.js';
import { serveEcho } from './echo.js';
import { isStoreName, openStore } from './stores.js';

/** Where the two listen. */
export interface ServiceAddresses {
  readonly space: string;
  readonly echo: string;
}

const [name = '', url = ''] = process.argv.slice(2);
if (!isStoreName(name)) throw new Error(`no store is called "${name}"`);
const service = await startTupleSpace({
  address: '127.0.0.1:0',
  store: openStore(name, url),
  log: silentLog,
});
const echo = await serveEcho();
process.once('disconnect', () => {
  echo.stop();
  void service.stop();
});
process.send?.({ space: service.address, echo: echo.address } satisfies ServiceAddresses);
