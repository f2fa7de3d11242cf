/**
 * The settings of what a service lets those who connect do.
 */
import { wholeNumber } from './settings-kind.js';
import { setting, type ValuesOf } from './settings-table.js';

/** `[connections]`, of each gRPC service. */
export const connectionKeys = {
  totalMax: setting({
    path: 'connections.total_max',
    kind: wholeNumber({ min: 1, max: 1_000_000 }),
    default: 4_096,
    unit: 'connections',
    doc: 'How many connections a service has open at once; further ones are closed.',
  }),
  peerMax: setting({
    path: 'connections.peer_max',
    kind: wholeNumber({ min: 1, max: 1_000_000 }),
    default: 64,
    unit: 'connections',
    doc: 'How many of them one address may have. Whoever comes through a proxy or a published port shares its address.',
  }),
  streamsMax: setting({
    path: 'connections.streams_max',
    kind: wholeNumber({ min: 1, max: 100_000 }),
    default: 256,
    unit: 'calls',
    doc: 'Calls under way on one connection; further ones wait at the client. Ours need one or two.',
  }),
  metadataBytesMax: setting({
    path: 'connections.metadata_bytes_max',
    kind: wholeNumber({ min: 1_024, max: 65_535 }),
    default: 16 * 1024,
    unit: 'bytes',
    doc: 'Longest metadata of a call, names and values; a call with more is refused.',
  }),
  resetsPerSecondMax: setting({
    path: 'connections.resets_per_second_max',
    kind: wholeNumber({ min: 1, max: 1_000_000 }),
    default: 200,
    unit: 'calls per second',
    doc:
      'How many calls of one address may come to nothing: reset within a second and before an answer, without a message ' +
      'that can be read, or with too much metadata. A connection that makes more is closed.',
  }),
  shutOutMs: setting({
    path: 'connections.shut_out_ms',
    kind: wholeNumber({ min: 0, max: 3_600_000 }),
    default: 10_000,
    unit: 'ms',
    doc: 'How long the address of such a connection gets no new one; those that it has go on.',
  }),
};

export type ConnectionLimits = ValuesOf<typeof connectionKeys>;

/** What holds where nothing is set. */
export const defaultConnectionLimits: ConnectionLimits = {
  totalMax: connectionKeys.totalMax.default,
  peerMax: connectionKeys.peerMax.default,
  streamsMax: connectionKeys.streamsMax.default,
  metadataBytesMax: connectionKeys.metadataBytesMax.default,
  resetsPerSecondMax: connectionKeys.resetsPerSecondMax.default,
  shutOutMs: connectionKeys.shutOutMs.default,
};
