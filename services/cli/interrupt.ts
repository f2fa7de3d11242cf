/**
 * Ctrl-C, and the same from a supervisor: the first asks a command to come to an end, the second ends the
 * process.
 */
import { ServiceError } from '../runtime/index.js';
import { exitCodes } from './exit-codes.js';
import type { Shell } from './shell.js';

export interface Interrupt {
  /** Aborted by the first signal, with code cancelled. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  readonly dispose: () => void;
}

export function listenForInterrupt({ process }: Pick<Shell, 'process'>): Interrupt {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new ServiceError('cancelled', 'interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
