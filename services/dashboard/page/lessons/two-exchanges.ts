import type { Lesson } from './lesson.js';
import { oneExchange } from './one-exchange.js';

/** OM(2) against the very lies that split one exchange: Lamport, Shostak and Pease 1982, theorem 1. */
export const twoExchanges: Lesson = {
  name: 'two-exchanges',
  title: 'Two liars among seven: one exchange more',
  summary: 'OM(2) lets everybody also say what the others said, and the same two liars no longer matter.',
  round: { ...oneExchange.round, protocol: 'om' },
  steps: [
    {
      at: 'start',
      text: 'The same generals, the same lies. But now there is a third phase, in which everybody says what everybody said.',
    },
    {
      at: { phase: 1, from: 'general-1', to: 'general-6' },
      text: 'general-1 tells general-6 that its order was Retreat, and told general-2 that it was Attack.',
    },
    {
      at: { phase: 2, from: 'general-2', to: 'general-5' },
      text: 'Now general-2 tells general-5, among other things, what it heard from general-1: Attack. One message carries four values; open it in the table.',
    },
    {
      at: { decision: 'general-2' },
      why: 'general-2',
      text: 'general-2 no longer takes the word of general-1: it takes the majority of what general-1 told all the others. The sub-tree of general-1 is that vote, and it comes to Attack.',
    },
    {
      at: { decision: 'general-5' },
      why: 'general-5',
      text: 'general-5 was told Retreat by general-1 itself. But it votes on the same things as general-2, and so comes to the same value for general-1, and to the same decision.',
    },
    {
      at: 'end',
      text: 'm liars take m exchanges more than the order, and the price rises fast: 36 messages for one exchange, 156 for two, 3,609 for ten generals and three liars.',
    },
  ],
  claim: { isPromised: true, agreement: 'kept', validity: 'kept' },
};
