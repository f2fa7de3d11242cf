/**
 * Reads the text of a literal from left to right and knows where it is, so that every error names the place.
 */
import { ServiceError } from '../../runtime/index.js';

export class Scanner {
  readonly #text: string;
  readonly #what: string;
  #position = 0;

  /** @param what names the text in errors: `tuple` or `template` */
  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
  }

  /** Takes `wanted` if it comes next, after spaces. */
  accept(wanted: string): boolean {
    this.#skipSpaces();
    if (!this.#text.startsWith(wanted, this.#position)) return false;
    this.#position += wanted.length;
    return true;
  }

  /** Takes what the pattern (sticky) matches next, after spaces. */
  match(pattern: RegExp): string | undefined {
    this.#skipSpaces();
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#position += found.length;
    return found;
  }

  /** Takes `wanted`, or fails. */
  expect(wanted: string, alternative?: string): void {
    if (!this.accept(wanted)) {
      this.fail(alternative === undefined ? `"${wanted}"` : `"${alternative}" or "${wanted}"`);
    }
  }

  /** Nothing but spaces may follow. */
  expectEnd(): void {
    this.#skipSpaces();
    if (this.#position < this.#text.length) this.fail('the end');
  }

  /** Throws invalid_argument: what was expected here, and what stands here instead. */
  fail(expected: string): never {
    this.#skipSpaces();
    const rest = this.#text.slice(this.#position, this.#position + 12);
    const got = rest === '' ? 'the text ends' : `got ${rest}`;
    throw this.error(`expected ${expected}, ${got}`, this.#position);
  }

  /** invalid_argument at a place of the text; `details.position` counts characters from 1. */
  error(problem: string, position: number): ServiceError {
    return new ServiceError('invalid_argument', `${this.#what}, character ${position + 1}: ${problem}`, {
      details: { field: this.#what, position: String(position + 1) },
    });
  }

  /** Where the next thing begins, from 0. */
  get position(): number {
    this.#skipSpaces();
    return this.#position;
  }

  #skipSpaces(): void {
    while (/\s/.test(this.#text[this.#position] ?? '')) this.#position += 1;
  }
}
