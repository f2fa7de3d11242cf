/**
 * Looks for a round that an own strategy breaks: every choice of traitors, order and inputs under one seed after another.
 */
import type { RoundPlan, SearchOutcome, SearchProgress, SearchRequest } from '../../consensus/index.js';
import { placements, simulateRound, whyUnbreakable } from '../../consensus/index.js';
import type { Betrayal } from '../../simulator/index.js';

/** As `search` of the core, on the rung `own` alone. */
export async function* searchOwn(
  request: SearchRequest,
  betray: Betrayal,
): AsyncGenerator<SearchProgress, SearchOutcome> {
  const proof = whyUnbreakable(request);
  if (proof !== undefined) return { finding: undefined, tried: [], proof };
  let runCount = 0;
  for (const drawn of batches(request)) {
    const specs = await betray(
      drawn.map(({ plan: { setting, seed }, traitors }) => ({ setting, traitors, seed })),
    );
    for (const [i, { plan: asked }] of drawn.entries()) {
      const plan: RoundPlan = { ...asked, traitors: specs[i] ?? [] };
      const { verdict } = simulateRound(plan);
      runCount += 1;
      yield { rung: 'own', runCount };
      if (verdict.agreement.status === 'violated' || verdict.validity.status === 'violated')
        return { finding: { plan, verdict, rung: 'own' }, tried: [{ rung: 'own', runCount }] };
    }
  }
  return { finding: undefined, tried: [{ rung: 'own', runCount }] };
}

interface Drawn {
  readonly plan: RoundPlan;
  readonly traitors: readonly string[];
}

/** So many are asked about at once: a question to the strategy's thread costs more than a round. */
const batchSize = 50;

function* batches(request: SearchRequest): Generator<readonly Drawn[]> {
  let batch: Drawn[] = [];
  for (const drawn of drawnRounds(request)) {
    batch.push(drawn);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function* drawnRounds({ setting, traitorCount, seed, runsMax }: SearchRequest): Generator<Drawn> {
  let runCount = 0;
  for (let step = 0; ; step += 1) {
    for (const { given, traitors } of placements({ setting, traitorCount })) {
      if (runCount >= runsMax) return;
      runCount += 1;
      yield { plan: { setting, ...given, traitors: [], seed: (seed + step) >>> 0 }, traitors };
    }
  }
}
