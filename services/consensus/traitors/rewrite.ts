/**
 * Puts a plan between the loyal engine and the tuple space.
 */
import type { Entry, Message, Output, Protocol, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import type { Act, Plan } from './plan.js';

/** Whose outputs are rewritten: the protocol, and the loyal state that they came with. */
export interface Betrayed {
  readonly protocol: Protocol<unknown>;
  readonly setting: Setting;
  readonly state: unknown;
}

/**
 * What the traitor sends instead of what a loyal general would. Entries keep their order; a message is left
 * out when the plan says nothing at every place of it, and a send without messages with it. All other outputs
 * stay as they are.
 */
export function rewrite(outputs: readonly Output[], plan: Plan, betrayed: Betrayed): Output[] {
  return outputs.flatMap((output): Output[] => {
    if (output.kind !== 'send') return [output];
    const messages = output.messages.flatMap((message) => rewriteMessage(message, plan, betrayed));
    return messages.length === 0 ? [] : [{ ...output, messages }];
  });
}

function rewriteMessage(message: Message, plan: Plan, { protocol, setting, state }: Betrayed): Message[] {
  const { phase, from, to } = message;
  const slot = { phase, from, to };
  let isSilent = true;
  const entries: Entry[] = [];
  for (const { path, entries: loyal } of protocol.places(setting, message)) {
    const [first] = loyal;
    const act = plan({ ...slot, path, loyalVote: first?.vote });
    if (act.kind === 'nothing') continue;
    isSilent = false;
    const isTruth = act.kind === 'say' && loyal.length === 1 && act.vote === first?.vote;
    if (act.kind === 'loyal' || isTruth) entries.push(...loyal);
    else for (const vote of saidVotes(act)) entries.push(protocol.say(state, slot, path, vote));
  }
  return isSilent ? [] : [{ ...slot, entries }];
}

function saidVotes(act: Exclude<Act, { kind: 'nothing' | 'loyal' }>): readonly Vote[] {
  return act.kind === 'both' ? votes : [act.vote];
}
