import type { Lesson } from './lesson.js';

/** Lamport, Shostak and Pease 1982, section 4, figure 5. */
export const signatures: Lesson = {
  name: 'signatures',
  title: 'Signatures change the bound',
  summary: 'If nobody can forge a signature, three generals withstand one traitor after all.',
  round: {
    protocol: 'sm',
    generalCount: 3,
    faultCount: 1,
    order: 'Attack',
    traitors: [
      {
        general: 'general-0',
        strategy: 'table',
        acts: [{ phase: 0, from: 'general-0', to: 'general-2', path: ['general-0'], act: 'Retreat' }],
      },
    ],
    seed: 1,
  },
  steps: [
    {
      at: 'start',
      text: 'Three generals again, and the commander is a traitor. But every order carries the signature of who gave it.',
    },
    {
      at: { phase: 0, from: 'general-0', to: 'general-1' },
      text: 'general-1 gets the order to attack, signed by general-0.',
    },
    {
      at: { phase: 0, from: 'general-0', to: 'general-2' },
      text: 'general-2 gets the order to retreat, signed by general-0 too.',
    },
    {
      at: { phase: 1, from: 'general-1' },
      text: 'general-1 cannot lie about what it got, nor change it: it adds its own signature and passes it on.',
    },
    {
      at: { decision: 'general-1' },
      why: 'general-1',
      text: 'Both now hold two different orders under one signature. That is proof: only general-0 can have made both. So both fall back on Retreat.',
    },
    {
      at: 'end',
      text: 'They agree, with n ≥ m + 2 instead of n ≥ 3m + 1. And the evidence names the traitor: look at the proof beside.',
    },
  ],
  claim: { isPromised: true, agreement: 'kept', validity: 'kept' },
};
