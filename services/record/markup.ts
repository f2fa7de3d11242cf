/**
 * Text in HTML and SVG. What a tuple says was written by anybody, so nothing gets into a page but through here.
 */

/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | readonly (Markup | string)[];

/** A template whose texts are escaped, in content and in quoted attributes, and whose markup is kept. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = parts.map((part) => (Array.isArray(part) ? part.map(shown).join('') : shown(part as string)));
  return { markup: strings.map((string, i) => `${string}${texts[i] ?? ''}`).join('') };
}

/** For markup of our own that holds no text of others. */
export function trusted(text: string): Markup {
  return { markup: text };
}

function shown(part: Markup | string | number): string {
  return typeof part === 'object' ? part.markup : escaped(String(part));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
