import type { Lesson } from './lesson.js';

/** Lamport, Shostak and Pease 1982, section 2, figures 1 and 2. */
export const threeCannot: Lesson = {
  name: 'three-cannot',
  title: 'Three generals cannot',
  summary: 'With three generals and one traitor, nobody can tell who lies.',
  round: {
    protocol: 'om',
    generalCount: 3,
    faultCount: 1,
    order: 'Attack',
    traitors: [{ general: 'general-2', strategy: 'flip' }],
    seed: 1,
  },
  steps: [
    {
      at: 'start',
      text: 'general-0 commands, general-1 and general-2 obey. One of the three is a traitor, and the others do not know who. It is general-2.',
    },
    {
      at: { phase: 0, from: 'general-0', to: 'general-1' },
      text: 'The commander is loyal: it orders Attack, to both.',
    },
    {
      at: { phase: 1, from: 'general-1' },
      text: 'The lieutenants tell each other what they were ordered. general-1 says the truth.',
    },
    {
      at: { phase: 1, from: 'general-2' },
      text: 'general-2 lies: it says that it was ordered to retreat. The double line and the ! are for you; general-1 does not see them.',
    },
    {
      at: { decision: 'general-1' },
      why: 'general-1',
      text: 'general-1 heard Attack from one, Retreat by the other: no majority. Either the commander lied, or general-2 did, and both look the same from here. It falls back on Retreat.',
    },
    {
      at: 'end',
      text: 'The two loyal generals disagree, and one disobeyed a loyal commander. Whatever rule it followed, some traitor beats it: three generals cannot withstand one traitor. Next: four can.',
    },
  ],
  claim: { isPromised: false, agreement: 'broken', validity: 'broken' },
};
