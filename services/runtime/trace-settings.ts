/**
 * The settings of traces.
 */
import { text, wholeNumber } from './settings-kind.js';
import { setting } from './settings-table.js';

/** `[trace]`. */
export const traceKeys = {
  url: setting({
    path: 'trace.url',
    kind: text({
      pattern: /^(https?:\/\/[^\s/@]+(\/\S*)?)?$/,
      allowed:
        'the URL of a collector for OTLP over HTTP, such as "http://127.0.0.1:4318/v1/traces"; "" is none',
    }),
    default: '',
    doc: 'Where traces of rounds are sent. Without one nothing is traced.',
  }),
  percent: setting({
    path: 'trace.percent',
    kind: wholeNumber({ min: 0, max: 100 }),
    default: 100,
    unit: 'percent',
    doc: 'How many of the traces that begin here are kept.',
  }),
};
