/**
 * The plumbing that all services share; knows nothing of generals or tuples.
 */
export { onAbort } from './abort.js';
export { type Address, formatAddress, parseAddress, parseAddresses } from './address.js';
export { type Clock, ManualClock, type StopTimer, systemClock } from './clock.js';
export { type ConnectionLimits, connectionKeys, defaultConnectionLimits } from './connection-settings.js';
export {
  type ErrorCode,
  type ErrorDetails,
  fromGrpcStatus,
  invalidArgument,
  ServiceError,
  toGrpcStatus,
} from './errors.js';
export {
  briskKeepalive,
  type DuplexStream,
  GrpcChannel,
  type GrpcChannelOptions,
  type Keepalive,
  patientKeepalive,
  type RpcOptions,
} from './grpc-client.js';
export {
  type ClientMethod,
  type Contract,
  loadContract,
  type RawMethod,
  rawMethod,
} from './grpc-contract.js';
export { fromStatus, toServiceError, wireText } from './grpc-errors.js';
export type { CallContext, GrpcHandler, GrpcHandlers } from './grpc-handler.js';
export {
  type GrpcServer,
  type GrpcServerOptions,
  type ServiceMount,
  startGrpcServer,
} from './grpc-server.js';
export { checkHealth, type HealthQuestion, waitUntilServing } from './health-check.js';
export { type Process, runUntilSignal, type Stoppable } from './lifecycle.js';
export {
  createLog,
  type Log,
  type LogFields,
  type LogLevel,
  type LogTarget,
  silentLog,
} from './log.js';
export { logKeys } from './log-settings.js';
export {
  type Counter,
  createMetrics,
  durationBuckets,
  type Histogram,
  type Metrics,
} from './metrics.js';
export { type MetricsServer, serveMetrics } from './metrics-server.js';
export { suggestName } from './nearest.js';
export * as protobuf from './protobuf/index.js';
export { readSecretFile } from './secret-file.js';
export {
  type FlagValue,
  type ResolvedSetting,
  resolveSettings,
  type SettingCheck,
  type SettingSource,
  type SettingSources,
  type Settings,
  shownValue,
  showValue,
} from './settings.js';
export { parseSettingsFile, type SettingsFile } from './settings-file.js';
export {
  address,
  addresses,
  addressOrNone,
  addressOrOff,
  choice,
  filePath,
  off,
  serverUrl,
  text,
  textList,
  trueOrFalse,
  type ValueKind,
  wholeNumber,
} from './settings-kind.js';
export { type LoadRequest, loadSettings } from './settings-load.js';
export { sampleSettings } from './settings-sample.js';
export {
  type SettingKey,
  type SettingTable,
  setting,
  type ValuesOf,
  variableOf,
} from './settings-table.js';
export { Tls, type TlsFiles } from './tls.js';
export { tlsCheck, tlsKeys } from './tls-settings.js';
export { traceKeys } from './trace-settings.js';
export { createTracer, otlpExporter, type Span, type SpanOptions, type Tracer } from './tracing.js';
export { readVersion } from './version.js';
