import type { Lesson } from './lesson.js';

/** Lamport, Shostak and Pease 1982, section 3, figure 3. */
export const fourCan: Lesson = {
  name: 'four-can',
  title: 'Four can',
  summary: 'One general more, and a majority of the messages outvotes the liar.',
  round: {
    protocol: 'om',
    generalCount: 4,
    faultCount: 1,
    order: 'Attack',
    traitors: [{ general: 'general-3', strategy: 'flip' }],
    seed: 1,
  },
  steps: [
    {
      at: 'start',
      text: 'The same story with a fourth general: n ≥ 3m + 1, four for one traitor. The traitor is general-3.',
    },
    {
      at: { phase: 0, from: 'general-0', to: 'general-3' },
      text: 'The commander orders Attack, to all three.',
    },
    {
      at: { phase: 1, from: 'general-3', to: 'general-1' },
      text: 'general-3 tells general-1 that the order was Retreat. A lie, as before.',
    },
    {
      at: { decision: 'general-1' },
      why: 'general-1',
      text: 'But now general-1 has three voices: the commander and general-2 say Attack, general-3 says Retreat. Two against one: it attacks.',
    },
    {
      at: { decision: 'general-2' },
      why: 'general-2',
      text: 'general-2 counts the same way. It heard other lies than general-1, and it does not matter.',
    },
    {
      at: 'end',
      text: 'All loyal generals obey their loyal commander. What if the commander is the liar? That is the next lesson.',
    },
  ],
  claim: { isPromised: true, agreement: 'kept', validity: 'kept' },
};
