/**
 * Which messages of a round are listed. Pure.
 */
import type { MessageWritten } from '../../../record/index.js';

export interface Filter {
  /** Sender or recipient; `any` for all. */
  readonly general: string;
  /** Decimal; `any` for all. */
  readonly phase: string;
  readonly isFalseOnly: boolean;
}

export const everyMessage: Filter = { general: 'any', phase: 'any', isFalseOnly: false };

interface Placed {
  readonly index: number;
  readonly event: MessageWritten;
}

export function matching(messages: readonly Placed[], filter: Filter): readonly Placed[] {
  const { general, phase, isFalseOnly } = filter;
  return messages.filter(({ event: { message } }) => {
    if (general !== 'any' && message.from !== general && message.to !== general) return false;
    if (phase !== 'any' && message.phase !== Number(phase)) return false;
    return !isFalseOnly || message.entries.some(({ isFalse }) => isFalse);
  });
}
