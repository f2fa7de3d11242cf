/**
 * `byz prove`: every behaviour of the traitors, counted.
 */
import type { Claim, Proof, RoundPlan } from '../consensus/index.js';
import {
  addProofs,
  claims,
  emptyProof,
  indistinguishableViews,
  proofCases,
  proofCost,
  protocolOf,
  prove,
  shrink,
} from '../consensus/index.js';
import { ServiceError, systemClock } from '../runtime/index.js';
import type { ProveOptions } from './commands/adversary.js';
import { type Proved, proofDocument } from './documents/adversary-document.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { Progress } from './output/progress.js';
import { createStyle } from './output/style.js';
import { settingOf } from './plan/setting-options.js';
import { proofReport, viewsReport } from './report/proofs.js';
import { whole } from './round-request.js';
import type { GlobalOptions, Shell } from './shell.js';

/** Errors: invalid_argument, failed_precondition (see `settingOf`), resource_exhausted (too many evaluations). */
export async function runProve(shell: Shell, options: ProveOptions & GlobalOptions): Promise<ExitCode> {
  const { terminal } = shell;
  if (options.showViews) {
    const views = indistinguishableViews();
    terminal.report(viewsReport(views));
    return views.areEqual ? exitCodes.ok : exitCodes.violated;
  }
  const asked = options.all ? claims() : [claimOf(shell, options)];
  const proved: Proved[] = [];
  const progress = new Progress(
    terminal,
    systemClock,
    () => `proving: ${asked[proved.length]?.title ?? 'done'} (${proved.length + 1} of ${asked.length})`,
  );
  try {
    for (const claim of asked) proved.push(await proveClaim(claim));
  } finally {
    progress.stop();
  }
  if (options.json) terminal.data(JSON.stringify(proofDocument(proved, notCovered), null, 2));
  else {
    const style = createStyle(terminal);
    const witness = options.all ? undefined : smallest(proved[0]?.proof.witness);
    terminal.report(proofReport(proved, { style, isPlain: options.plain === true, notCovered, witness }));
  }
  return options.all ? codeOfAll(proved) : codeOfOne(proved[0]);
}

const notCovered = [
  'votes are Attack or Retreat; silence is left out, since loyal generals take it for Retreat (held against the engine in tests)',
  'what traitors tell each other, which no loyal general ever hears',
  'late and malformed messages: they count as absent, which is silence',
];

function claimOf(shell: Shell, options: ProveOptions & GlobalOptions): Claim {
  const { setting, traitorCount, isWithin } = settingOf(shell, options);
  const evaluationsMax = whole('--max-evaluations', options.maxEvaluations) ?? 1_000_000_000;
  const cases = proofCases(setting, traitorCount);
  const cost = proofCost(cases, evaluationsMax);
  const n = setting.generals.length;
  if (cost > evaluationsMax) {
    const found = Number.isFinite(cost)
      ? 'more evaluations than'
      : 'more than can be enumerated; the limit is';
    const limit = evaluationsMax.toLocaleString('en-US');
    const problem = `${setting.protocol.toUpperCase()} with ${n} generals and ${traitorCount} traitors takes ${found} ${limit}`;
    throw new ServiceError('resource_exhausted', problem, {
      details: { advice: 'byz search looks for a treason without going through all of them' },
    });
  }
  const traitors = `${traitorCount} ${traitorCount === 1 ? 'traitor' : 'traitors'}`;
  return {
    title: `OM(${setting.traitorsMax}), ${n} generals, ${traitors}`,
    setting,
    traitorCount,
    rule: 'recursive',
    cases,
    expected: isWithin ? 'holds' : 'breaks',
    source: protocolOf(setting).source,
  };
}

async function proveClaim(claim: Claim): Promise<Proved> {
  const { setting, traitorCount, rule } = claim;
  const startedMs = systemClock.monotonicMs();
  let proof: Proof = emptyProof;
  for (const asked of claim.cases) {
    proof = addProofs(proof, prove(asked, rule));
    // Lets the line of progress be drawn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const bound = protocolOf(setting).bound(setting);
  const isWithin = rule === 'recursive' && bound.isWithin && traitorCount <= setting.traitorsMax;
  return { claim, isWithin, proof, elapsedMs: systemClock.monotonicMs() - startedMs };
}

function smallest(witness: RoundPlan | undefined): RoundPlan | undefined {
  return witness === undefined ? undefined : (shrink(witness)?.plan ?? witness);
}

function codeOfAll(proved: readonly Proved[]): ExitCode {
  const isAsExpected = proved.every(
    ({ claim, proof }) => (claim.expected === 'holds') === (proof.violations === 0n),
  );
  return isAsExpected ? exitCodes.ok : exitCodes.violated;
}

function codeOfOne(proved: Proved | undefined): ExitCode {
  if (proved === undefined || !proved.isWithin) return exitCodes.outside;
  return proved.proof.violations === 0n ? exitCodes.ok : exitCodes.violated;
}
