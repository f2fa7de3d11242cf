import type { Lesson } from './lesson.js';

/** Two liars against one exchange: the same lies as in two-exchanges.ts. */
export const oneExchange: Lesson = {
  name: 'one-exchange',
  title: 'Two liars among seven: one exchange',
  summary: 'With two liars, asking everybody once what they were told is not enough, even among seven.',
  round: {
    protocol: 'majority',
    generalCount: 7,
    faultCount: 2,
    order: 'Attack',
    traitors: [
      {
        general: 'general-0',
        strategy: 'table',
        acts: ['general-5', 'general-6'].map((to) => ({
          phase: 0,
          from: 'general-0',
          to,
          path: ['general-0'],
          act: 'Retreat' as const,
        })),
      },
      {
        general: 'general-1',
        strategy: 'table',
        acts: ['general-5', 'general-6'].map((to) => ({
          phase: 1,
          from: 'general-1',
          to,
          path: ['general-0', 'general-1'],
          act: 'Retreat' as const,
        })),
      },
    ],
    seed: 1,
  },
  steps: [
    {
      at: 'start',
      text: 'Seven generals, two traitors: the commander and general-1. The rule is the one that everybody thinks of first: tell each other once, then follow the majority.',
    },
    {
      at: { phase: 0, from: 'general-0', to: 'general-6' },
      text: 'The commander orders four to attack and two, general-5 and general-6, to retreat.',
    },
    {
      at: { phase: 1, from: 'general-1', to: 'general-6' },
      text: 'general-1 helps: it says Attack to those that shall attack, and Retreat to the other two.',
    },
    {
      at: { decision: 'general-2' },
      why: 'general-2',
      text: 'general-2 counts four Attack against two Retreat, and attacks.',
    },
    {
      at: { decision: 'general-5' },
      why: 'general-5',
      text: 'general-5 counts three against three: one voice is different, that of general-1. No majority, so it retreats.',
    },
    {
      at: 'end',
      text: 'The loyal generals are split. The second liar was believed by each side, since nobody asked the others what it had told them.',
    },
  ],
  claim: { isPromised: false, agreement: 'broken', validity: 'kept' },
};
