/**
 * Composes a general-node: a node over a connection to the spaces and, if asked for, its gRPC service.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { GeneralId } from '../consensus/index.js';
import {
  type ConnectionLimits,
  formatAddress,
  type GrpcServer,
  invalidArgument,
  parseAddress,
  startGrpcServer,
  type Tls,
} from '../runtime/index.js';
import { Chaos } from './chaos.js';
import type { NodeOptions } from './node.js';
import { Node } from './node.js';
import { generalNodeMount } from './service.js';

export interface GeneralNodeOptions extends Omit<NodeOptions, 'node' | 'incarnation' | 'address'> {
  /** The node's own id; empty: made. 1 to 64 characters of a-z, A-Z, 0-9, `.`, `_`, `-`. */
  readonly node: string;
  /** `host:port` of its gRPC service; absent: it has none. */
  readonly address?: string;
  /** Of its gRPC service; absent: in clear. */
  readonly tls?: Tls | undefined;
  /** Of its gRPC service; default: what the settings have as theirs. */
  readonly connections?: ConnectionLimits;
  /** Whoever reaches its service may crash or hang this process; default false. */
  readonly chaos?: boolean;
  /** Where the name of its incarnation comes from; default: the machine's randomness. A simulation has its own. */
  readonly randomText?: (() => string) | undefined;
}

export interface RunningNode {
  readonly node: string;
  /** Where its gRPC service listens; undefined where it has none. */
  readonly address: string | undefined;
  /** Gives the seats back, leaves, closes. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Errors: invalid_argument (id, generals or address), failed_precondition (the port is in use), already_exists (another node has the id),
 * unauthenticated (the secret), unavailable.
 */
export async function startGeneralNode(options: GeneralNodeOptions): Promise<RunningNode> {
  const id = options.node === '' ? `node-${randomBytes(4).toString('hex')}` : options.node;
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(id)) {
    throw invalidArgument('node_id', `"${id}" is not 1 to 64 characters of a-z, A-Z, 0-9, ".", "_", "-"`);
  }
  checkGenerals(options.generals);
  const {
    address,
    log,
    clock,
    tls,
    connections,
    randomText = () => randomBytes(8).toString('hex'),
  } = options;
  const incarnation = randomText();
  const self = { node: id, incarnation, address: address === undefined ? '' : reachable(address) };
  const node = new Node({ ...options, ...self });
  let server: GrpcServer | undefined;
  try {
    if (address !== undefined) {
      const hosts = { listenHost: parseAddress(address).host, host: parseAddress(reachable(address)).host };
      const chaos = new Chaos({ node: id, isOn: options.chaos ?? false, ...hosts, tls, clock, log });
      const services = [generalNodeMount(node, chaos)];
      server = await startGrpcServer({ address, services, log, tls, connections });
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

function checkGenerals(generals: readonly GeneralId[]): void {
  const twice = generals.find((general, i) => generals.indexOf(general) !== i);
  if (twice !== undefined) throw invalidArgument('generals', `${twice} is named twice`);
}

/** The address that others can use: a node that listens everywhere is reached by its host's name. */
function reachable(address: string): string {
  const { host, port } = parseAddress(address);
  const isEverywhere = host === '0.0.0.0' || host === '::';
  return formatAddress({ host: isEverywhere ? hostname() : host, port });
}
