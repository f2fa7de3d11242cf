/**
 * Composes a general-node: a node over a connection to the spaces and, if asked for, its gRPC service.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import {
  formatAddress,
  type GrpcServer,
  invalidArgument,
  parseAddress,
  startGrpcServer,
} from '../runtime/index.js';
import type { NodeOptions } from './node.js';
import { Node } from './node.js';
import { generalNodeMount } from './service.js';

export interface GeneralNodeOptions extends Omit<NodeOptions, 'node' | 'address'> {
  /** The node's own id; empty: made. 1 to 64 characters of a-z, A-Z, 0-9, `.`, `_`, `-`. */
  readonly node: string;
  /** `host:port` of its gRPC service; absent: it has none. */
  readonly address?: string;
}

export interface RunningNode {
  readonly node: string;
  /** Where its gRPC service listens; undefined where it has none. */
  readonly address: string | undefined;
  /** Gives the seats back, leaves, closes. Idempotent. */
  stop(): Promise<void>;
}

/** Errors: invalid_argument (id or address), failed_precondition (the port is in use), unauthenticated, unavailable. */
export async function startGeneralNode(options: GeneralNodeOptions): Promise<RunningNode> {
  const id = options.node === '' ? `node-${randomBytes(4).toString('hex')}` : options.node;
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(id)) {
    throw invalidArgument('node_id', `"${id}" is not 1 to 64 characters of a-z, A-Z, 0-9, ".", "_", "-"`);
  }
  const { address } = options;
  const node = new Node({ ...options, node: id, address: address === undefined ? '' : reachable(address) });
  let server: GrpcServer | undefined;
  try {
    if (address !== undefined) {
      server = await startGrpcServer({ address, services: [generalNodeMount(node)], log: options.log });
    }
    await node.start();
  } catch (error) {
    await server?.stop();
    await node.stop();
    throw error;
  }
  return {
    node: id,
    address: server?.address,
    async stop() {
      await node.stop();
      await server?.stop();
    },
  };
}

/** The address that others can use: a node that listens everywhere is reached by its host's name. */
function reachable(address: string): string {
  const { host, port } = parseAddress(address);
  const isEverywhere = host === '0.0.0.0' || host === '::';
  return formatAddress({ host: isEverywhere ? hostname() : host, port });
}
