/**
 * Colour for words that also say by themselves what they mean.
 */

/** Each gives the text as it is to be written. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  caution(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** Colours by the standard codes of ECMA-48, or none. */
export function createStyle({ hasColor }: { readonly hasColor: boolean }): Style {
  const paint = (code: number) => (text: string) =>
    hasColor && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { good: paint(32), bad: paint(31), caution: paint(33), strong: paint(1), faint: paint(2) };
}
