/**
 * The settings of the log.
 */
import { logLevels } from './log.js';
import { choice } from './settings-kind.js';
import { setting } from './settings-table.js';

/** `[log]`. */
export const logKeys = {
  level: setting({
    path: 'log.level',
    kind: choice(logLevels),
    default: 'info',
    doc: 'The least of what is logged, as lines of JSON on stderr: debug is every call and message, info what a person wants to know.',
  }),
};
