/**
 * What can be done to a node on purpose, and its names on the wire.
 */
import { invalidArgument } from '../runtime/index.js';

export const faultKinds = ['crash', 'hang', 'recover'] as const;
export type FaultKind = (typeof faultKinds)[number];

const wireNames = { crash: 'CRASH', hang: 'HANG', recover: 'RECOVER' } as const;

export function encodeFaultKind(kind: FaultKind): (typeof wireNames)[FaultKind] {
  return wireNames[kind];
}

/** Errors: invalid_argument. */
export function decodeFaultKind(name: string): FaultKind {
  const kind = faultKinds.find((one) => wireNames[one] === name);
  if (kind === undefined) throw invalidArgument('kind', `"${name}" is not CRASH, HANG or RECOVER`);
  return kind;
}
