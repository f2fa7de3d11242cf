/**
 * Reads the tables of a TOML document key by key. What is missing takes its default, what is wrong is refused by its path, and so is
 * what nobody asked for.
 */
import { parse, TomlError } from 'smol-toml';
import { invalidArgument, suggestName } from '../runtime/index.js';
import type { Span } from './chance.js';

interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** Default: any number will do. */
  readonly isWhole?: boolean;
}

export class TomlReader {
  readonly #file: string;
  readonly #path: string;
  readonly #table: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  constructor(file: string, path: string, table: Readonly<Record<string, unknown>>) {
    this.#file = file;
    this.#path = path;
    this.#table = table;
  }

  /** Errors: invalid_argument (not TOML; with the line). */
  static document(file: string, text: string): TomlReader {
    try {
      return new TomlReader(file, '', parse(text));
    } catch (cause) {
      if (!(cause instanceof TomlError)) throw cause;
      const problem = cause.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'not TOML';
      throw invalidArgument(`${file}:${cause.line}`, `${problem} (column ${cause.column})`);
    }
  }

  text(key: string, fallback?: string): string {
    const value = this.#take(key) ?? fallback;
    if (typeof value === 'string' && value !== '') return value;
    throw this.#wrong(key, value, 'a text');
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#take(key) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(key, value, 'true or false');
  }

  number(key: string, rule: NumberRule, fallback?: number): number {
    const value = this.#take(key) ?? fallback;
    if (isWithin(value, rule)) return value;
    throw this.#wrong(key, value, numberText(rule));
  }

  /** A number, or two of which the second is not less. */
  span(key: string, rule: NumberRule, fallback?: Span): Span {
    const value = this.#take(key) ?? fallback;
    if (isWithin(value, rule)) return [value, value];
    const [low, high, ...rest] = Array.isArray(value) ? value : [];
    if (isWithin(low, rule) && isWithin(high, rule) && low <= high && rest.length === 0) return [low, high];
    throw this.#wrong(key, value, `${numberText(rule)}, or two such as [1, 5], the lower one first`);
  }

  /** One of the known texts, several as a list, or `any` for all of them. */
  choices<Name extends string>(
    key: string,
    known: readonly Name[],
    fallback: readonly Name[],
  ): readonly Name[] {
    const value = this.#take(key);
    if (value === undefined) return fallback;
    if (value === 'any') return known;
    const asked: readonly unknown[] = Array.isArray(value) ? value : [value];
    const found = asked.map((one) => known.find((name) => name === one));
    const wrong = found.indexOf(undefined);
    if (asked.length === 0) throw this.#wrong(key, value, `"any", or of ${known.join(', ')}`);
    if (wrong >= 0) {
      throw this.#fault(key, `${show(asked[wrong])} is unknown${suggestName(String(asked[wrong]), known)}`);
    }
    return found.filter((name) => name !== undefined);
  }

  /** Texts of any kind, such as names that are known elsewhere. */
  texts(key: string): readonly string[] {
    const value = this.#take(key) ?? [];
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
    throw this.#wrong(key, value, 'a list of texts');
  }

  /** The table of that name; an empty one when it is not there. */
  table(key: string): TomlReader {
    const value = this.#take(key) ?? {};
    if (!isTable(value)) throw this.#wrong(key, value, `a table, [${this.#pathOf(key)}]`);
    return new TomlReader(this.#file, this.#pathOf(key), value);
  }

  /** The tables of that name, [[key]]. */
  tables(key: string): readonly TomlReader[] {
    const value = this.#take(key) ?? [];
    if (!Array.isArray(value) || !value.every(isTable)) {
      throw this.#wrong(key, value, `tables, each under [[${this.#pathOf(key)}]]`);
    }
    return value.map((table, i) => new TomlReader(this.#file, `${this.#pathOf(key)}[${i}]`, table));
  }

  /** Refuses what nobody asked for. */
  end(): void {
    const unknown = Object.keys(this.#table).find((key) => !this.#asked.has(key));
    if (unknown !== undefined) {
      throw this.#fault(unknown, `is unknown here${suggestName(unknown, [...this.#asked])}`);
    }
  }

  /** A fault of one key that only its reader can see. */
  refuse(key: string, problem: string): Error {
    return this.#fault(key, problem);
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.#table[key];
  }

  #wrong(key: string, value: unknown, allowed: string): Error {
    return this.#fault(
      key,
      value === undefined ? `is missing; needed: ${allowed}` : `${show(value)} is not ${allowed}`,
    );
  }

  #fault(key: string, problem: string): Error {
    return invalidArgument(`${this.#file}: ${this.#pathOf(key)}`, problem);
  }

  #pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}

function isWithin(value: unknown, { min, max, isWhole = false }: NumberRule): value is number {
  return typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isInteger(value));
}

function numberText({ min, max, isWhole = false }: NumberRule): string {
  const [low, high] = [min, max].map((bound) => bound.toLocaleString('en-US'));
  return `a ${isWhole ? 'whole ' : ''}number from ${low} to ${high}`;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
