/**
 * Every fault in every phase: rounds of OM(2) among seven, one of them a silent traitor that keeps each phase open, so that one more fault
 * is withstood. A fault strikes when the spaces show a round in phase 2, another in phase 1 and a third in phase 0.
 */
import type { Round, RoundRequest } from '../services/orchestrator/index.js';
import { endAll } from './drivers/processes.js';
import { RecordedWork } from './drivers/recorded-work.js';
import { Stage } from './drivers/stage.js';
import { stageFaults } from './drivers/stage-faults.js';
import type { StoreName } from './drivers/stores.js';
import { finished, verdictOf } from './rounds.suite.js';

const startMsMax = 90_000;
const phaseMs = 2_500;
const faultCountMax = 2;
/** Of OM(2), and the time for decisions. */
const phaseCount = faultCountMax + 2;
/** For what the machine adds, in ms. */
const slackMs = 3_000;
const held = { agreement: 'holds', validity: 'holds', termination: 'holds' };

const request: RoundRequest = {
  generalCount: 7,
  faultCount: faultCountMax,
  traitorCount: 1,
  traitors: [{ general: 'general-1', strategy: 'silent' }],
  phaseMs,
};

/** It hosts general-2 of each round and nobody else, and nobody else lists that one. */
const victim = 'node4';
const stores: readonly StoreName[] = ['redis', 'postgres'];

// Whatever a failed test left behind.
afterAll(() => endAll());

describe.each(stores)('over %s', (name) => {
  let stage: Stage;
  let work: RecordedWork;

  beforeAll(async () => {
    stage = await Stage.start({
      store: name,
      nodeCount: 4,
      replicaCount: 2,
      generalsOf: (i) => (i === 3 ? ['general-2'] : []),
      env: { BYZANTINE_GENERAL_NODE_LEASE_MS: '2000' },
    });
    work = new RecordedWork(stage.deployment.tuplespace, name);
  }, startMsMax);

  afterAll(() => stage.stop());

  /** Rounds in phase 2, 1 and 0, by what their spaces show. */
  async function startInEachPhase(): Promise<readonly number[]> {
    const numbers: number[] = [];
    for (const _ of ['in phase 2', 'in phase 1', 'in phase 0']) {
      const { number } = await stage.orchestrator.startRound(request);
      numbers.push(number);
      await Promise.all(numbers.map((one, i) => stage.phaseRuns(one, numbers.length - 1 - i)));
    }
    return numbers;
  }

  // What strikes the nodes has nothing to do with the store.
  test.each(stageFaults.filter(({ target }) => name === 'redis' || target === 'service'))(
    '$name',
    async ({ target, strike, mend }) => {
      const numbers = await startInEachPhase();
      const startMs = performance.now();
      await strike(stage, victim);
      const outageMs = performance.now() - startMs;
      const rounds = await Promise.all(numbers.map((number) => finished(stage.orchestrator, number)));
      await mend(stage, victim);
      await stage.allEnrolled();
      for (const round of rounds) {
        const { number, verdict } = round;
        expect({ number, isWithin: verdict?.isWithin, ...verdictOf(round) }).toEqual({
          number,
          isWithin: true,
          ...held,
        });
        const mayBeLost = target === 'node' ? ['general-2'] : [];
        expect((verdict?.lost ?? []).filter((general) => !mayBeLost.includes(general))).toEqual([]);
        // An outage of the orchestrator or of the store gives the running phase its full time again.
        expect(durationOf(round)).toBeLessThan((phaseCount + 1) * phaseMs + outageMs + slackMs);
        // Whether a node that wakes has something to say is chance here; bench:failover makes sure that it has.
        expect(await stage.voices(number)).toMatchObject({ doubled: 0 });
      }
    },
    startMsMax,
  );

  test('the history of clients beside the rounds is valid', async () => {
    const report = await work.judge();
    expect(report.figures.operationCount).toBeGreaterThan(100);
    expect(report).toMatchObject({ verdict: 'valid' });
  }, 30_000);
});

function durationOf({ startedAtMs, endedAtMs = Number.NaN }: Round): number {
  return endedAtMs - startedAtMs;
}
