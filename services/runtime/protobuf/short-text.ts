/**
 * Short ASCII texts from bytes. Messages repeat the same few names thousands of times: each is made once and then found again,
 * which costs a third of making it anew and leaves one string in memory instead of thousands.
 */

/** Longest text, in bytes, that is looked up. */
export const shortTextMax = 32;

/** One text per hash; a newer one takes the place of an older. */
const known: string[] = new Array<string>(2_048).fill('');

/** The text of some bytes of a buffer; undefined when they are not ASCII. */
export function shortText(buffer: Uint8Array, start: number, end: number): string | undefined {
  let hash = end - start;
  for (let i = start; i < end; i++) {
    const byte = buffer[i] as number;
    if (byte > 0x7f) return undefined;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 11)) & (known.length - 1);
  const candidate = known[slot] as string;
  if (isTextOf(candidate, buffer, start, end)) return candidate;
  const text = String.fromCharCode(...buffer.subarray(start, end));
  known[slot] = text;
  return text;
}

function isTextOf(text: string, buffer: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== buffer[start + i]) return false;
  return true;
}
