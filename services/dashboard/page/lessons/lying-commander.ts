import type { Lesson } from './lesson.js';

/** Lamport, Shostak and Pease 1982, section 3, figure 4. */
export const lyingCommander: Lesson = {
  name: 'lying-commander',
  title: 'A lying commander',
  summary: 'When the order itself is a lie, the lieutenants still agree, if only on something.',
  round: {
    protocol: 'om',
    generalCount: 4,
    faultCount: 1,
    order: 'Attack',
    traitors: [
      {
        general: 'general-0',
        strategy: 'table',
        acts: [
          { phase: 0, from: 'general-0', to: 'general-2', path: ['general-0'], act: 'Retreat' },
          { phase: 0, from: 'general-0', to: 'general-3', path: ['general-0'], act: 'Retreat' },
        ],
      },
    ],
    seed: 1,
  },
  steps: [
    {
      at: 'start',
      text: 'Now the commander is the traitor. It will tell different generals different things.',
    },
    { at: { phase: 0, from: 'general-0', to: 'general-1' }, text: 'To general-1 it says Attack …' },
    {
      at: { phase: 0, from: 'general-0', to: 'general-3' },
      text: '… and to general-2 and general-3 it says Retreat.',
    },
    {
      at: { phase: 1, from: 'general-1', to: 'general-2' },
      text: 'The lieutenants are loyal. Each passes on what it was told.',
    },
    {
      at: { decision: 'general-1' },
      why: 'general-1',
      text: 'general-1 was told Attack and hears Retreat from both others. It follows the majority, against its own order.',
    },
    {
      at: { decision: 'general-2' },
      why: 'general-2',
      text: 'The others hold the same three values, in another order, and so come to the same decision.',
    },
    {
      at: 'end',
      text: 'They agree. Validity asks nothing here: the order of a traitor binds nobody. That is all that agreement can mean when the commander lies.',
    },
  ],
  claim: { isPromised: true, agreement: 'kept', validity: 'kept' },
};
