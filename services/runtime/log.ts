/**
 * The log: one JSON line per event on stderr, with time, level, service, event and fields. Not for what a person asked a command for.
 */
import { destination, pino, stdTimeFunctions } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** Facts about an event. An `error` is written with its stack and causes. */
export type LogFields = Readonly<Record<string, unknown>> & { readonly error?: unknown };

/** Each method writes one line; `event` is a fixed dotted name such as `round.closed`, never a sentence. */
export interface Log {
  /** Once per message or call. */
  debug(event: string, fields?: LogFields): void;
  /** What a person would want to know. */
  info(event: string, fields?: LogFields): void;
  /** Something failed and was made good. */
  warn(event: string, fields?: LogFields): void;
  /** A bug of ours, or something that needs a person. */
  error(event: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  with(fields: LogFields): Log;
}

/** Where the lines go; a test's own collector, or stderr. */
export interface LogTarget {
  write(line: string): void;
}

/** A log for one service of this process. Lines are written at once, so that none is lost when the process ends. */
export function createLog(options: { service: string; level: LogLevel; target?: LogTarget }): Log {
  const settings = {
    level: options.level,
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    messageKey: 'event',
    errorKey: 'error',
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(settings, options.target ?? destination({ dest: 2, sync: true })));
}

/** A log that writes nothing, for tests and for embedded use. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};

function wrap(logger: pino.Logger): Log {
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
    with: (fields) => wrap(logger.child(fields)),
  };
}
