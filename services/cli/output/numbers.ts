/**
 * Numbers as they are read.
 */

/** `1,000`. */
export function grouped(value: number | bigint): string {
  return value.toLocaleString('en-US');
}

/** `1 traitor`, `2 traitors`, `1,000 messages`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
