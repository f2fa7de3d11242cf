/**
 * JSON that also says what JSON cannot: int64, bytes and the doubles that it has no text for. For the rare and small parts of a dump.
 */

/** The text of a value made of plain objects, lists and tuple values. Equal values with keys in the same order give equal texts. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return { $int64: String(inner) };
    if (inner instanceof Uint8Array) return { $bytes: Buffer.from(inner).toString('base64') };
    const isSpecial = typeof inner === 'number' && (Object.is(inner, -0) || !Number.isFinite(inner));
    return isSpecial ? { $double: Object.is(inner, -0) ? '-0' : String(inner) } : inner;
  });
}

/** The value of such a text. */
export function parse(text: string): unknown {
  return JSON.parse(text, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null) return inner;
    const { $int64, $bytes, $double } = inner as Readonly<Record<string, unknown>>;
    if (typeof $int64 === 'string') return BigInt($int64);
    if (typeof $bytes === 'string') return new Uint8Array(Buffer.from($bytes, 'base64'));
    return typeof $double === 'string' ? Number($double) : inner;
  });
}
