/**
 * The TLS of a command or a service, as its settings say.
 */
import type { Log, Settings } from '../runtime/index.js';
import { silentLog, systemClock, Tls, tlsKeys } from '../runtime/index.js';
import { checkClearText } from '../tuplespace/index.js';

/** Refuses to send a token or a secret in clear across an open network. Errors: failed_precondition. */
export function checkClear(settings: Settings, addresses: string, isTold = false): void {
  const { caFile, isInsecureDev } = settings.values(tlsKeys);
  if (caFile === '' && !isInsecureDev && !isTold) checkClearText(addresses);
}

/** Undefined where none is set. Errors: invalid_argument, failed_precondition (the files). */
export function tlsOf(settings: Settings, log: Log = silentLog): Tls | undefined {
  const files = settings.values(tlsKeys);
  return files.caFile === '' ? undefined : new Tls(files, { clock: systemClock, log });
}
