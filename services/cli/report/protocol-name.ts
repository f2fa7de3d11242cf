/**
 * A protocol and what it is made to withstand, as the literature writes it.
 */
import type { Setting } from '../../consensus/index.js';

/** `OM(2)`. */
export function protocolName({ protocol, traitorsMax }: Setting): string {
  return `${protocol.toUpperCase()}(${traitorsMax})`;
}
