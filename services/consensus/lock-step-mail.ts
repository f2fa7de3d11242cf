/**
 * What has come in one phase: a list by the senders' places in the setting, the last of them first. Immutable; a
 * longer list shares the shorter one, where a map would be copied with each message.
 */
import type { Heard } from './lock-step-rules.js';
import type { Entry, GeneralId } from './protocol.js';

/** A list of messages, or an empty one. */
export type Mail = MailItem | undefined;

interface MailItem {
  /** How many messages, this one and those after it. */
  readonly count: number;
  readonly from: GeneralId;
  /** The sender's place in the setting. */
  readonly place: number;
  /** Those that count. */
  readonly entries: readonly Entry[];
  readonly rest: Mail;
}

/** What a sender said in the phase. */
type Said = Omit<MailItem, 'count' | 'rest'>;

/** True when something of the sender at this place is in the list. O(1) when mail comes in canonical order. */
export function hasMailOf(mail: Mail, place: number): boolean {
  let item = mail;
  while (item !== undefined && item.place > place) item = item.rest;
  return item?.place === place;
}

/** The list with one message more, of a sender that is not in it. O(1) when mail comes in canonical order. */
export function addMail(mail: Mail, said: Said): Mail {
  const later: MailItem[] = [];
  let rest = mail;
  while (rest !== undefined && rest.place > said.place) {
    later.push(rest);
    rest = rest.rest;
  }
  return [said, ...later.toReversed()].reduce<Mail>(pushMail, rest);
}

function pushMail(rest: Mail, { from, place, entries }: Said): Mail {
  return { count: (rest?.count ?? 0) + 1, from, place, entries, rest };
}

/** The mail by sender, in canonical order. O(its count). */
export function heardIn(mail: Mail): Heard {
  const items: MailItem[] = [];
  for (let item = mail; item !== undefined; item = item.rest) items.push(item);
  return new Map(items.toReversed().map(({ from, entries }) => [from, entries]));
}
