/**
 * `byz prove`: every behaviour of the traitors, counted.
 */
import type { Claim, Proof, RoundPlan } from '../consensus/index.js';
import {
  addProofs,
  beginningCount,
  beginningsMax,
  claims,
  claimTitle,
  emptyProof,
  evaluationsMaxFor,
  indistinguishableViews,
  proofCases,
  proofCost,
  protocolOf,
  prove,
  shrink,
} from '../consensus/index.js';
import { ServiceError, systemClock } from '../runtime/index.js';
import type { ProveOptions } from './commands/adversary.js';
import { type Proved, proofDocument, viewsDocument } from './documents/adversary-document.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { grouped } from './output/numbers.js';
import { Progress } from './output/progress.js';
import { createStyle } from './output/style.js';
import { writePlan } from './plan/plan-file.js';
import { settingOf } from './plan/setting-options.js';
import { proofReport, viewsReport } from './report/proofs.js';
import { whole } from './round-request.js';
import type { GlobalOptions, Shell } from './shell.js';

/** Errors: invalid_argument, failed_precondition (see `settingOf`), resource_exhausted (too many evaluations). */
export async function runProve(shell: Shell, options: ProveOptions & GlobalOptions): Promise<ExitCode> {
  const { terminal } = shell;
  if (options.showViews) {
    const views = indistinguishableViews();
    if (options.json) terminal.data(JSON.stringify(viewsDocument(views), null, 2));
    else terminal.report(viewsReport(views));
    return views.areEqual ? exitCodes.ok : exitCodes.violated;
  }
  const asked = options.all ? claims() : [claimOf(shell, options)];
  const evaluationsMax = whole('--max-evaluations', options.maxEvaluations);
  const proved: Proved[] = [];
  let caseCount = 0;
  const progress = new Progress(terminal, systemClock, () => {
    const { title, cases } = asked[proved.length] ?? { title: 'done', cases: [] };
    const part = `${grouped(caseCount)} of ${grouped(cases.length)} cases`;
    return `proving: ${title} (${proved.length + 1} of ${asked.length}) · ${part}`;
  });
  const onCase = (count: number): void => {
    caseCount = count;
    progress.tick();
  };
  try {
    for (const claim of asked) proved.push(await proveClaim(claim, { asked: evaluationsMax, onCase }));
  } finally {
    progress.stop();
  }
  const witness = options.all ? undefined : smallest(proved[0]?.proof.witness);
  if (options.json) terminal.data(JSON.stringify(proofDocument(proved, notCovered), null, 2));
  else {
    const style = createStyle(terminal);
    terminal.report(proofReport(proved, { style, isPlain: options.plain === true, notCovered, witness }));
  }
  if (witness !== undefined && options.output !== undefined) writePlan(shell, witness, options.output);
  return options.all ? codeOfAll(proved) : codeOfOne(proved[0]);
}

const notCovered = [
  'silence in OM, flat and the relayed majority: it ends as Retreat does (held against the engine in tests)',
  'what oral traitors tell each other, which no loyal general ever hears',
  'late and malformed messages: they count as absent, which is silence',
  'forged signatures: nobody can make them, by assumption',
];

function claimOf(shell: Shell, options: ProveOptions & GlobalOptions): Claim {
  const { setting, traitorCount, isWithin } = settingOf(shell, options);
  const title = claimTitle(setting, traitorCount);
  if (beginningCount(setting, traitorCount) > beginningsMax) {
    throw tooMany(title, 'can be enumerated', searchInstead);
  }
  return {
    title,
    setting,
    traitorCount,
    cases: proofCases(setting, traitorCount),
    prove,
    expected: isWithin ? 'holds' : 'breaks',
    source: protocolOf(setting).source,
  };
}

/** `onCase` hears how many cases are done. */
async function proveClaim(
  claim: Claim,
  { asked, onCase }: { asked: number | undefined; onCase: (count: number) => void },
): Promise<Proved> {
  const { setting, traitorCount } = claim;
  const evaluationsMax = asked ?? evaluationsMaxFor(setting);
  const cost = proofCost(claim.cases, evaluationsWithinDays);
  const refusal = () =>
    tooMany(
      claim.title,
      `${grouped(evaluationsMax)} evaluations`,
      cost > evaluationsWithinDays ? searchInstead : `raise --max-evaluations, or ${searchInstead}`,
    );
  const startedMs = systemClock.monotonicMs();
  if (cost > evaluationsMax) throw refusal();
  let proof: Proof = emptyProof;
  for (const [i, one] of claim.cases.entries()) {
    onCase(i);
    const found = claim.prove(one, evaluationsMax - proof.evaluations);
    if (found === undefined) throw refusal();
    proof = addProofs(proof, found);
    // Lets a signal be heard.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const isWithin = protocolOf(setting).bound(setting).isWithin && traitorCount <= setting.traitorsMax;
  return { claim, isWithin, proof, elapsedMs: systemClock.monotonicMs() - startedMs };
}

/** What takes more than this is not a matter of patience. */
const evaluationsWithinDays = 1e12;

const searchInstead = 'byz search looks for a treason without going through all of them';

function tooMany(title: string, limit: string, advice: string): ServiceError {
  return new ServiceError('resource_exhausted', `${title}: takes more than ${limit}`, {
    details: { advice },
  });
}

function smallest(witness: RoundPlan | undefined): RoundPlan | undefined {
  return witness === undefined ? undefined : (shrink(witness)?.plan ?? witness);
}

function codeOfAll(proved: readonly Proved[]): ExitCode {
  const isAsExpected = proved.every(
    ({ claim, proof }) =>
      (claim.expected === 'holds') === (proof.violations === 0n) && proof.convictedLoyal.length === 0,
  );
  return isAsExpected ? exitCodes.ok : exitCodes.violated;
}

function codeOfOne(proved: Proved | undefined): ExitCode {
  // No number of traitors excuses a proof against a loyal general.
  if (proved !== undefined && proved.proof.convictedLoyal.length > 0) return exitCodes.violated;
  if (proved === undefined || !proved.isWithin) return exitCodes.outside;
  return proved.proof.violations === 0n ? exitCodes.ok : exitCodes.violated;
}
