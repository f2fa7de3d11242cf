/**
 * Puts a plan between the loyal engine and the tuple space.
 */
import type { Entry, Message, Output } from '../protocol.js';
import type { Plan } from './plan.js';

/**
 * What the traitor sends instead of what a loyal general would. Entries keep their order; a message without
 * entries is not sent, nor a send without messages. All other outputs stay as they are.
 */
export function rewrite(outputs: readonly Output[], plan: Plan): Output[] {
  return outputs.flatMap((output): Output[] => {
    if (output.kind !== 'send') return [output];
    const messages = output.messages.flatMap((message) => rewriteMessage(message, plan));
    return messages.length === 0 ? [] : [{ ...output, messages }];
  });
}

function rewriteMessage(message: Message, plan: Plan): Message[] {
  const { phase, from, to } = message;
  const entries = message.entries.flatMap((entry): Entry[] => {
    const act = plan({ phase, from, to, path: entry.path, loyalVote: entry.vote });
    if (act.kind === 'nothing') return [];
    return [act.vote === entry.vote ? entry : { path: entry.path, vote: act.vote }];
  });
  return entries.length === 0 ? [] : [{ phase, from, to, entries }];
}
