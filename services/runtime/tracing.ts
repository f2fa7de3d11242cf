/**
 * Traces: what belongs together over several processes, as a tree of spans. Off unless a process is told where to send them; the
 * library is loaded then, and a process that does not trace has no `Tracer`.
 *
 * The context of a trace travels as text, the W3C's `traceparent`: in the metadata of a gRPC call, and beside a call in a pipe.
 * Sources: https://www.w3.org/TR/trace-context, https://opentelemetry.io/docs/specs/otel/trace/api
 */
import type { Attributes, Context, SpanContext } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { ServiceError } from './errors.js';

export interface SpanOptions {
  /** What it is a part of, as `traceparent`; one that is empty or malformed is none: a new trace begins. */
  readonly parent?: string;
  /** `server` for the serving side of a call; default `internal`. */
  readonly kind?: 'internal' | 'server';
  readonly attributes?: Attributes;
}

export interface Span {
  /** Its context, for what is a part of it. */
  readonly traceparent: string;
  /** Ends it, with an error if there was one. The first end counts. */
  end(error?: unknown): void;
}

export interface Tracer {
  begin(name: string, options?: SpanOptions): Span;
  /** Sends what has ended so far. */
  flush(): Promise<void>;
  /** Sends the rest. Idempotent. */
  stop(): Promise<void>;
}

export interface TracerOptions {
  /** Name of the service, such as `orchestrator`. */
  readonly service: string;
  readonly version: string;
  /** Where the spans go. */
  readonly exporter: SpanExporter;
  /** Share of the traces that begin here and are kept, 0 to 1; a trace that came from elsewhere keeps what was decided there. */
  readonly keptShare?: number;
}

/** Sends spans to a collector by OTLP over HTTP. @param url such as `http://127.0.0.1:4318/v1/traces` */
export async function otlpExporter(url: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url, timeoutMillis: 2_000 });
}

/** A tracer of its own for each call; nothing is set up for the whole process. */
export async function createTracer(options: TracerOptions): Promise<Tracer> {
  const { service, version, exporter, keptShare = 1 } = options;
  const [api, sdk, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(keptShare) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('byzantine', version);
  const contextOf = (parent: string | undefined): Context => {
    const remote = parseTraceparent(parent ?? '');
    return remote === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, remote);
  };
  let stopping: Promise<void> | undefined;
  return {
    begin(name, { parent, kind = 'internal', attributes = {} } = {}) {
      const spanKind = kind === 'server' ? api.SpanKind.SERVER : api.SpanKind.INTERNAL;
      const span = tracer.startSpan(name, { kind: spanKind, attributes }, contextOf(parent));
      return {
        traceparent: formatTraceparent(span.spanContext()),
        end(error) {
          if (error !== undefined && span.isRecording()) {
            const code = error instanceof ServiceError ? error.code : 'internal';
            const message = error instanceof Error ? error.message : code;
            span.setAttribute('error.type', code);
            span.setStatus({ code: api.SpanStatusCode.ERROR, message });
          }
          if (span.isRecording()) span.end();
        },
      };
    },
    flush: () => provider.forceFlush(),
    stop() {
      stopping ??= provider.shutdown();
      return stopping;
    },
  };
}

function parseTraceparent(text: string): SpanContext | undefined {
  const found = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text);
  const [, traceId = '', spanId = '', flags = ''] = found ?? [];
  const isNothing = /^0*$/.test(traceId) || /^0*$/.test(spanId);
  return isNothing ? undefined : { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
