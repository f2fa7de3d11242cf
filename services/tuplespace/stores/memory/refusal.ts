/**
 * Acts that are refused because of who asks for what, and so belong into the audit; other errors are about what is asked, or bad luck.
 */
import { type ErrorCode, ServiceError } from '../../../runtime/index.js';
import type { CheckedTuple } from '../../checks-tuple.js';
import type { AuditEntry } from '../../space.js';
import type { Template } from '../../template.js';

export interface Refusal {
  readonly operation: AuditEntry['operation'];
  /** See `AuditEntry`. */
  readonly rule: string;
  readonly tuple?: CheckedTuple | undefined;
  readonly template?: Template | undefined;
  /** The tuple that stood in the way; absent: none did. */
  readonly standingId?: bigint;
}

/** What a `Refused` says of itself; what it does not know, who asked is asked for. */
export interface RefusedBy extends Partial<Refusal> {
  readonly rule: string;
}

export class Refused extends ServiceError {
  readonly by: RefusedBy;

  constructor(
    code: ErrorCode,
    message: string,
    { by, details }: { by: RefusedBy; details?: Readonly<Record<string, string>> },
  ) {
    super(code, message, { details: { rule: by.rule, ...details } });
    this.by = by;
  }
}
