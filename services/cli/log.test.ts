/**
 * What a whole system logs while it runs rounds: lines that a person can follow a round and a general by.
 */
import { createLog } from '../runtime/index.js';
import { startEmbedded } from './embedded.js';

test('each line about a round names the round, each line about a general the general too', async () => {
  const lines: Record<string, unknown>[] = [];
  const target = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLog({ service: 'dev', level: 'debug', target });
  const system = await startEmbedded({ nodeCount: 2, log });
  const { orchestrator } = system;
  try {
    for (const seed of [1, 2]) {
      const traitors = [{ general: 'general-1', strategy: 'random' }] as const;
      const { number } = await orchestrator.startRound({ seed, traitors });
      for await (const event of orchestrator.watchRound({ number })) if (event.kind === 'ended') break;
    }
  } finally {
    await system.stop();
  }
  const about = (pattern: RegExp) => lines.filter(({ event }) => pattern.test(String(event)));
  const ofRounds = about(/^(round|phase|general|message)\./);
  const ofGenerals = about(/^(general\.|message\.|phase\.ended)/);
  expect(ofRounds.filter(({ round }) => round !== 1 && round !== 2)).toEqual([]);
  expect(ofGenerals.filter(({ general }) => !/^general-[0-3]$/.test(String(general)))).toEqual([]);
  // Two rounds of four generals; their three lieutenants have two phases.
  expect(about(/^general\.decided$/)).toHaveLength(8);
  expect(about(/^phase\.ended$/)).toHaveLength(12);
  expect(about(/^round\.started$/).map(({ service }) => service)).toEqual(['orchestrator', 'orchestrator']);
  expect(about(/^round\.ended$/).map(({ verdict }) => verdict)).toEqual(['held', 'held']);
  expect(lines.filter(({ time, level, service }) => !time || !level || !service)).toEqual([]);
});
