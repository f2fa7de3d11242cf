import type { Evidence } from '../consensus/index.js';
import { orchestratorContract } from './service.js';
import { decodeEvidence, encodeEvidence } from './wire-evidence.js';

const { methods } = orchestratorContract();

test('evidence comes across the wire as it was, each kind of it', () => {
  const slot = { phase: 1, from: 'general-3', to: 'general-1' };
  const path = ['general-0', 'general-3'];
  const evidence: Evidence = {
    proven: [
      {
        signer: 'general-0',
        instance: 'round-7',
        publicKey: Buffer.from([1, 2, 3]),
        orders: [
          { vote: 'Attack', bytes: Buffer.from([4]), signature: Buffer.from([5]) },
          { vote: 'Retreat', bytes: Buffer.from([6]), signature: Buffer.from([7]) },
        ],
      },
    ],
    attested: [
      {
        general: 'general-3',
        count: 2,
        first: { kind: 'false_value', slot, path, said: 'Attack', loyal: 'Retreat' },
      },
      { general: 'general-4', count: 1, first: { kind: 'left_out', slot, path, loyal: 'Attack' } },
      { general: 'general-5', count: 1, first: { kind: 'not_owed', slot, path, said: 'Attack' } },
    ],
    inferred: [
      {
        by: 'general-1',
        accusations: [['general-0', 'general-3']],
        explanations: [['general-0'], ['general-3', 'general-4']],
        known: [],
      },
    ],
    absent: [{ general: 'general-2', count: 3, first: { phase: 0, from: 'general-2', to: 'general-1' } }],
  };
  const bytes = methods.GetEvidence.responseSerialize(encodeEvidence(evidence));
  expect(decodeEvidence(methods.GetEvidence.responseDeserialize(bytes))).toEqual(evidence);
});
