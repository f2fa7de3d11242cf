/**
 * Composes the orchestrator: an engine over a connection to the spaces and, if asked for, its gRPC service.
 */
import { orchestratorId } from '../general-node/index.js';
import type { ConnectionLimits, GrpcServer } from '../runtime/index.js';
import { startGrpcServer } from '../runtime/index.js';
import { type Connect, connectEnrolled } from '../tuplespace/index.js';
import type { EngineOptions } from './engine.js';
import { Engine } from './engine.js';
import type { Orchestrator } from './orchestrator.js';
import { orchestratorMount } from './service.js';

export interface OrchestratorOptions extends Omit<EngineOptions, 'space'> {
  readonly connect: Connect;
  /** The bootstrap secret; empty where the space has none. */
  readonly secret: string;
  /** `host:port` of its gRPC service; absent: it has none. */
  readonly address?: string;
  /** Of its gRPC service; default: what the settings have as theirs. */
  readonly connections?: ConnectionLimits;
}

export interface RunningOrchestrator {
  /** The rounds themselves, for callers in the same process. */
  readonly orchestrator: Orchestrator;
  /** Where its gRPC service listens; undefined where it has none. */
  readonly address: string | undefined;
  /** Stops driving rounds, which stay open in the space, and closes. Idempotent. */
  stop(): Promise<void>;
}

/** Errors: failed_precondition (the port is in use), unauthenticated (the secret), unavailable. */
export async function startOrchestrator(options: OrchestratorOptions): Promise<RunningOrchestrator> {
  const { connect, secret, address, log, tls, connections } = options;
  const enrol = { kind: 'orchestrator', id: orchestratorId, secret } as const;
  const connection = await connectEnrolled({ connect, enrol, onForgotten: () => engine.startOver() });
  const engine = new Engine({ ...options, space: connection.space });
  let server: GrpcServer | undefined;
  try {
    await engine.start();
    if (address !== undefined) {
      const services = [orchestratorMount(engine)];
      server = await startGrpcServer({ address, services, log, tls, connections });
    }
  } catch (error) {
    await engine.stop();
    await connection.close();
    throw error;
  }
  return {
    orchestrator: engine,
    address: server?.address,
    async stop() {
      await server?.stop();
      await engine.stop();
      await connection.close();
    },
  };
}
