/**
 * The asking side of the standard health service: for the healthchecks of containers and for whoever waits for a start.
 * Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
import { loadSync } from '@grpc/proto-loader';
import type { Clock } from './clock.js';
import { ServiceError } from './errors.js';
import { GrpcChannel, type RpcOptions } from './grpc-client.js';
import type { ClientMethod } from './grpc-contract.js';
import type { Tls } from './tls.js';

export interface HealthQuestion {
  /** `host:port`. */
  readonly address: string;
  /** Full name of a service; absent: the whole process. */
  readonly service?: string;
  /** Absent: asked in clear. */
  readonly tls?: Tls | undefined;
}

/**
 * Resolves when the service serves. Errors: unavailable (no answer, or it does not serve), not_found (it is not there),
 * deadline_exceeded.
 */
export async function checkHealth(question: HealthQuestion, options: RpcOptions = {}): Promise<void> {
  const channel = new GrpcChannel(question.address, question);
  try {
    await ask(channel, question, { deadlineMs: 1_000, ...options });
  } finally {
    channel.close();
  }
}

/** Asks every `everyMs` (default 100) until the service serves. Rejects with `signal.reason`; the signal is the only limit. */
export async function waitUntilServing(
  question: HealthQuestion,
  { clock, everyMs = 100, signal }: { clock: Clock; everyMs?: number; signal: AbortSignal },
): Promise<void> {
  const channel = new GrpcChannel(question.address, question);
  try {
    for (;;) {
      try {
        return await ask(channel, question, { deadlineMs: 1_000, signal });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!(error instanceof ServiceError) || !error.isIndefinite) throw error;
      }
      await new Promise<void>((resolve) => void clock.after(everyMs, resolve));
    }
  } finally {
    channel.close();
  }
}

type HealthMethod = ClientMethod<{ service: string }, { status: string }>;

async function ask(
  channel: GrpcChannel,
  { service = '' }: HealthQuestion,
  options: RpcOptions,
): Promise<void> {
  const { protoPath } = await import('grpc-health-check');
  const definition = loadSync(protoPath, { enums: String, defaults: true })['grpc.health.v1.Health'];
  const { Check } = definition as unknown as { Check: HealthMethod };
  const { status } = await channel.unary(Check, { service }, options);
  if (status !== 'SERVING') {
    throw new ServiceError('unavailable', `${service || 'the process'} at ${channel.address} is ${status}`);
  }
}
