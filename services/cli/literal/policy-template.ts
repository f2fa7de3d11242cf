/**
 * Templates of policies as people type them: those of the tuple space, and fields that speak of the caller or the tuple.
 *
 *   @caller @epoch   the caller's id and epoch
 *   #2               in `after` and `until`: what the tuple has in field 2, counted from 0
 *   ...              last: any more fields
 */
import type { PolicyMatcher, PolicyTemplate } from '../../tuplespace/index.js';
import { readMatcher } from './parse.js';
import { printMatcher } from './print.js';
import { Scanner } from './scanner.js';

/** Reads a policy's template. Errors: invalid_argument, with the character where it goes wrong. */
export function parsePolicyTemplate(text: string): PolicyTemplate {
  const scanner = new Scanner(text, 'template');
  const fields: PolicyMatcher[] = [];
  let hasMore = false;
  scanner.expect('(');
  do {
    hasMore = scanner.accept('...');
    if (!hasMore) fields.push(readField(scanner));
  } while (!hasMore && scanner.accept(','));
  scanner.expect(')', hasMore ? undefined : ',');
  scanner.expectEnd();
  return { fields, hasMore };
}

/** Such as `("vote", @caller, ...)`. */
export function printPolicyTemplate({ fields, hasMore }: PolicyTemplate): string {
  return `(${[...fields.map(printField), ...(hasMore ? ['...'] : [])].join(', ')})`;
}

function readField(scanner: Scanner): PolicyMatcher {
  const start = scanner.position;
  const name = scanner.match(/@\w+/y);
  if (name === '@caller') return { kind: 'caller' };
  if (name === '@epoch') return { kind: 'epoch' };
  if (name !== undefined) throw scanner.error(`unknown ${name}; known: @caller, @epoch`, start);
  const position = scanner.match(/#\d+/y);
  return position === undefined
    ? readMatcher(scanner)
    : { kind: 'field', position: Number(position.slice(1)) };
}

function printField(matcher: PolicyMatcher): string {
  switch (matcher.kind) {
    case 'caller':
    case 'epoch':
      return `@${matcher.kind}`;
    case 'field':
      return `#${matcher.position}`;
    default:
      return printMatcher(matcher);
  }
}
