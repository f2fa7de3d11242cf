/**
 * A protocol and what it is made to withstand, as the literature writes it.
 */
import type { Setting } from '../../consensus/index.js';
import { protocolNamed } from '../../consensus/index.js';

/** `OM(2)`, `SM(1)`, `King(2) council`, `OM(1) on a board`. */
export function protocolName({ protocol, mode, isCouncil, traitorsMax }: Setting): string {
  const title = protocolNamed(protocol)?.title ?? protocol;
  const place = mode === 'board' ? ' on a board' : '';
  return `${title}(${traitorsMax})${isCouncil ? ' council' : ''}${place}`;
}
