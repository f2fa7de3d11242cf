/**
 * Kinds of setting values: what is allowed, in words and as a schema, and how a value is read from the text
 * of an environment variable or a flag.
 */
import { z } from 'zod';
import { parseAddress, parseAddresses } from './address.js';
import { nearestName } from './nearest.js';

export interface ValueKind<Value> {
  readonly schema: z.ZodType<Value>;
  /** Completes the sentence "allowed: ...". */
  readonly allowed: string;
  /**
   * What may have been meant by a value that is refused: `, did you mean "silent"?`; empty where there is no
   * telling.
   */
  readonly hint?: (value: unknown) => string;
  /**
   * The value that a text stands for; a text that stands for none comes back as it is, and the schema refuses
   * it.
   */
  readonly fromText: (text: string) => unknown;
  /** A value as it may be shown: without what should not be in it; absent: as it is. */
  readonly shown?: (value: unknown) => unknown;
}

/** A whole number from `min` to `max`. */
export function wholeNumber(range: { min: number; max: number }): ValueKind<number> {
  return {
    schema: z.int().min(range.min).max(range.max),
    allowed: `a whole number from ${grouped(range.min)} to ${grouped(range.max)}`,
    fromText: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  };
}

/** One of a few words. */
export function choice<const Option extends string>(options: readonly Option[]): ValueKind<Option> {
  return {
    schema: z.enum(options as readonly [Option, ...Option[]]) as z.ZodType<Option>,
    allowed: options.map((option) => `"${option}"`).join(', '),
    hint: (value) => nearestOption(String(value), options),
    fromText: (given) => given,
  };
}

/** A text of a certain form; `allowed` says which. */
export function text(form: { pattern: RegExp; allowed: string }): ValueKind<string> {
  return {
    schema: z.string().max(4096).regex(form.pattern),
    allowed: form.allowed,
    fromText: (given) => given,
  };
}

/** A path of a file, or nothing. */
export function filePath(): ValueKind<string> {
  return {
    schema: z
      .string()
      .max(4096)
      .refine((path) => !path.includes('\0')),
    allowed: 'the path of a file, or "" for none',
    fromText: (given) => given,
  };
}

/**
 * The URL of a server of one of these schemes, or nothing. A password in it is refused, and not shown: `passwordKey` names the setting
 * of the file that it belongs in.
 */
export function serverUrl(form: {
  schemes: readonly [string, ...string[]];
  example: string;
  passwordKey: string;
}): ValueKind<string> {
  return {
    schema: z
      .string()
      .max(4096)
      .refine((url) => url === '' || isServerUrl(url, form.schemes)),
    allowed: `"" or ${form.example}, without a password`,
    hint: (value) =>
      mayHavePassword(String(value)) ? `; a password stands in the file of ${form.passwordKey}` : '',
    fromText: (given) => given,
    shown: (value) => (typeof value === 'string' ? withoutPassword(value) : value),
  };
}

/** `host:port`; a host in brackets may be an IPv6 address. Port 0 is any free port. */
export function address(): ValueKind<string> {
  return {
    schema: z
      .string()
      .max(300)
      .refine((given) => isParsed(() => parseAddress(given))),
    allowed: 'host:port, such as "127.0.0.1:7000", port 0 to 65535',
    fromText: (given) => given,
  };
}

/** As `address`, or nothing. */
export function addressOrNone(): ValueKind<string> {
  const { schema, allowed, fromText } = address();
  return { schema: z.union([z.literal(''), schema]), allowed: `${allowed}; "" is none`, fromText };
}

/** `host:port`, or `off` for a service that is not to be had. */
export function addressOrOff(): ValueKind<string> {
  const { schema, allowed, fromText } = address();
  return { schema: schema.or(z.literal(off)), allowed: `${allowed}, or "${off}"`, fromText };
}

export const off = 'off';

/** The addresses of a service's replicas: `host:port`, with commas between; a name stands for all that it resolves to. */
export function addresses(): ValueKind<string> {
  return {
    schema: z
      .string()
      .max(4_000)
      .refine((given) => isParsed(() => parseAddresses(given))),
    allowed: 'host:port, or several with commas between, such as "space-1:7000,space-2:7000"',
    fromText: (given) => given,
  };
}

/** true or false. */
export function trueOrFalse(): ValueKind<boolean> {
  return {
    schema: z.boolean(),
    allowed: 'true or false',
    fromText: (given) => (given === 'true' ? true : given === 'false' ? false : given),
  };
}

/**
 * A list of texts without repetition, each of which `isAllowed`; in a variable or a flag separated by commas.
 */
export function textList(form: {
  isAllowed: (item: string) => boolean;
  allowed: string;
}): ValueKind<readonly string[]> {
  return {
    schema: z
      .array(z.string().refine(form.isAllowed))
      .max(1000)
      .refine((list) => new Set(list).size === list.length),
    allowed: form.allowed,
    fromText: (given) => (given === '' ? [] : given.split(',').map((item) => item.trim())),
  };
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function nearestOption(value: string, options: readonly string[]): string {
  const nearest = options.length > 1 ? nearestName(value, options) : undefined;
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`;
}

function isParsed(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

function isServerUrl(given: string, schemes: readonly string[]): boolean {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  return (
    url !== undefined &&
    schemes.includes(url.protocol.slice(0, -1)) &&
    url.hostname !== '' &&
    !mayHavePassword(given)
  );
}

/** Also of texts that are no URL: what was meant as one may hold a password all the same. */
function mayHavePassword(given: string): boolean {
  return withoutPassword(given) !== given;
}

function withoutPassword(given: string): string {
  return given
    .replace(/^([a-z+]+:\/\/)?([^@:/]*):(?!\/\/).*@/i, '$1$2:***@')
    .replace(/([?&][^=&]*pass[^=&]*=)[^&]*/gi, '$1***');
}
