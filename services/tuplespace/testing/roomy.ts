/**
 * A service for suites that have hundreds of callers in one process, each with a pipe of its own on the connection that they share.
 */
import { defaultConnectionLimits } from '../../runtime/index.js';

export const roomy = {
  connections: { ...defaultConnectionLimits, streamsMax: 10_000 },
  enrolmentsPerSecondMax: Number.POSITIVE_INFINITY,
};
