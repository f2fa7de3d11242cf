/**
 * The ways in which rounds are measured: in one process, or over gRPC with the tuples in one of the stores.
 */
export const ways = ['embedded', 'memory', 'redis', 'postgres'] as const;
export type Way = (typeof ways)[number];
