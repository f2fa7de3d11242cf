import type { Lesson } from './lesson.js';

/** A crash as a fault among others. */
export const nodeDies: Lesson = {
  name: 'node-dies',
  title: 'A node dies in mid-round',
  summary:
    'A general that falls silent is a fault like any other, and the round that withstands a liar withstands it.',
  round: {
    protocol: 'om',
    generalCount: 4,
    faultCount: 1,
    order: 'Attack',
    traitors: [],
    seed: 1,
    lost: [{ general: 'general-2', strategy: 'silent', only: { phases: [1] } }],
  },
  steps: [
    { at: 'start', text: 'Four generals on four nodes, and nobody is a traitor.' },
    {
      at: { phase: 0, from: 'general-0', to: 'general-2' },
      text: 'Everybody gets the order. Then node-3 dies, and general-2 with it.',
    },
    {
      at: { close: 1 },
      text: 'The others wait for what general-2 owes them until the phase is closed. A dead general and a silent traitor look the same; nobody has to know which it is.',
    },
    {
      at: { decision: 'general-1' },
      why: 'general-1',
      text: 'general-1 counts what did not come as Retreat, and has its majority all the same.',
    },
    {
      at: 'end',
      text: 'The loyal generals that are left agree and obey. general-2 counts as the one fault that this round is made for: with a traitor beside it, nothing would be promised. On the services its seat would move to another node, and speak on from what it had written: start a round with a long phase and a silent traitor, and crash a node.',
    },
  ],
  claim: { isPromised: true, agreement: 'kept', validity: 'kept' },
};
