/**
 * Faults of nodes on request: passes them on to the node, and remembers in the control space where one that hangs can be woken.
 */
import type { FaultKind } from '../general-node/index.js';
import {
  controlSpace,
  encodeFaultKind,
  generalNodeContract,
  hungTemplate,
  hungTuple,
  nodeTemplate,
  readHung,
  readNode,
} from '../general-node/index.js';
import { GrpcChannel, ServiceError, type Tls } from '../runtime/index.js';
import type { StoredTuple, TupleSpace } from '../tuplespace/index.js';
import { readAll } from '../tuplespace/index.js';

export interface NodeFault {
  readonly node: string;
  readonly kind: FaultKind;
  /** Of a hang. */
  readonly forMs?: number;
}

/** Longest wait for a node's answer, in ms. */
const answerMsMax = 5_000;

/**
 * Resolves once the node has agreed. Errors: not_found (no such node is enrolled), failed_precondition (it does not allow it, cannot do
 * it alone, or does not hang), invalid_argument; unavailable and deadline_exceeded, when the node gave no answer: it may have happened.
 */
export async function faultNode(
  space: TupleSpace,
  { node, kind, forMs = 0 }: NodeFault,
  { signal, tls }: { readonly signal?: AbortSignal | undefined; readonly tls?: Tls | undefined } = {},
): Promise<void> {
  const isRecovery = kind === 'recover';
  const address = await (isRecovery ? wakeAddress : ownAddress)(space, node, signal);
  const channel = new GrpcChannel(address, { tls, serverName: 'general-node' });
  try {
    const request = { kind: encodeFaultKind(kind), forMs };
    const options = { signal, deadlineMs: answerMsMax };
    const call = channel.unary(generalNodeContract().methods.Fault, request, options);
    const { recoverAddress } = await call.catch((error: unknown) => {
      throw lostAnswer(error, { node, kind });
    });
    if (isRecovery) await space.take({ space: controlSpace, templates: [hungTemplate(node)] }, { signal });
    if (recoverAddress === '') return;
    const hung = hungTuple({ node, address: recoverAddress });
    await space.write({ space: controlSpace, tuples: [hung], ttlMs: forMs }, { signal });
  } finally {
    channel.close();
  }
}

/** A node that is struck may be gone before its answer is; whoever asked looks, and asks again if nothing has happened. */
function lostAnswer(error: unknown, { node, kind }: Pick<NodeFault, 'node' | 'kind'>): unknown {
  const isLost = error instanceof ServiceError && ['unavailable', 'deadline_exceeded'].includes(error.code);
  if (!isLost) return error;
  const act = { crash: 'crash', hang: 'hang', recover: 'recovery' }[kind];
  const says = `"${node}" was asked and gave no answer: the ${act} may have happened all the same`;
  return new ServiceError(error.code, `${says}; see what state it is in before you ask again`, {
    cause: error,
  });
}

async function ownAddress(space: TupleSpace, id: string, signal?: AbortSignal): Promise<string> {
  const tuples: StoredTuple[] = [];
  const request = { space: controlSpace, templates: [nodeTemplate()] };
  for await (const tuple of readAll(space, request, { signal })) tuples.push(tuple);
  const nodes = tuples.map(readNode).filter((node) => node !== undefined);
  const found = nodes.find(({ node }) => node === id);
  if (found === undefined) {
    const enrolled = nodes.map(({ node }) => node).join(', ') || 'none';
    throw new ServiceError('not_found', `no node "${id}" is enrolled; enrolled: ${enrolled}`);
  }
  if (found.address !== '') return found.address;
  throw new ServiceError(
    'failed_precondition',
    `${id} has no service of its own: it shares a process with others`,
  );
}

async function wakeAddress(space: TupleSpace, node: string, signal?: AbortSignal): Promise<string> {
  const { tuples } = await space.read({ space: controlSpace, templates: [hungTemplate(node)] }, { signal });
  const hung = tuples[0] && readHung(tuples[0]);
  if (hung !== undefined) return hung.address;
  throw new ServiceError(
    'failed_precondition',
    `"${node}" does not hang by request; one that crashed is started again by whoever started it`,
  );
}
