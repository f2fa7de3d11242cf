/**
 * The TLS of a command or a service, as its settings say.
 */
import type { Log, Settings } from '../runtime/index.js';
import { silentLog, systemClock, Tls, tlsKeys } from '../runtime/index.js';

/** Undefined where none is set. Errors: invalid_argument, failed_precondition (the files). */
export function tlsOf(settings: Settings, log: Log = silentLog): Tls | undefined {
  const files = settings.values(tlsKeys);
  return files.caFile === '' ? undefined : new Tls(files, { clock: systemClock, log });
}
