/**
 * `byz search`: looks for a treason that breaks a round.
 */
import type { SearchOutcome, SearchProgress } from '../consensus/index.js';
import { rungs, search } from '../consensus/index.js';
import { invalidArgument, suggestName, systemClock } from '../runtime/index.js';
import type { SearchOptions } from './commands/adversary.js';
import { type SearchDocument, searchDocument } from './documents/adversary-document.js';
import { parseDuration } from './duration.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { listenForInterrupt } from './interrupt.js';
import { grouped } from './output/numbers.js';
import { Progress } from './output/progress.js';
import { decisionsText, predictedDecisions, writePlan } from './plan/plan-file.js';
import { type AskedSetting, settingOf } from './plan/setting-options.js';
import { whole } from './round-request.js';
import type { GlobalOptions, Shell } from './shell.js';

export async function runSearch(shell: Shell, options: SearchOptions & GlobalOptions): Promise<ExitCode> {
  const asked = settingOf(shell, options);
  const { terminal } = shell;
  const budgetMs = parseDuration('--budget', options.budget ?? '60s');
  const request = {
    ...asked,
    seed: whole('--seed', options.seed) ?? 1,
    runsMax: whole('--runs', options.runs) ?? 20_000,
    ...(options.rungs === undefined ? {} : { rungs: rungsOf(options.rungs) }),
  };
  const own = options.strategy === undefined ? undefined : await loadOwn(shell, options.strategy);
  const steps = own === undefined ? search(request) : own.search(request);
  const startedMs = systemClock.monotonicMs();
  const interrupt = listenForInterrupt(shell);
  let now: SearchProgress | undefined;
  let outcome: SearchOutcome | undefined;
  const progress = new Progress(terminal, systemClock, () => (now === undefined ? '' : progressLine(now)));
  try {
    let pausedMs = startedMs;
    while (outcome === undefined) {
      const step = await steps.next();
      if (step.done === true) {
        outcome = step.value;
        break;
      }
      now = step.value;
      const atMs = systemClock.monotonicMs();
      if (atMs - pausedMs < 50) continue;
      pausedMs = atMs;
      await new Promise((resolve) => setImmediate(resolve));
      if (interrupt.signal.aborted) return exitCodes.interrupted;
      if (atMs - startedMs > budgetMs) outcome = { finding: undefined, tried: [now] };
    }
  } finally {
    progress.stop();
    interrupt.dispose();
    for (const line of own?.failureLines ?? []) terminal.talk(line);
    await own?.stop();
  }
  return conclude(shell, options, asked, outcome, systemClock.monotonicMs() - startedMs);
}

/** What takes the types out is large, and most searches need it not. */
async function loadOwn(shell: Shell, file: string) {
  const { OwnCampaign } = await import('./own-strategy/own-campaign.js');
  return OwnCampaign.load(shell, file);
}

function conclude(
  shell: Shell,
  options: SearchOptions,
  asked: AskedSetting,
  outcome: SearchOutcome,
  elapsedMs: number,
): ExitCode {
  const { terminal } = shell;
  const { finding, tried, proof } = outcome;
  const found: SearchDocument = searchDocument(asked, outcome, elapsedMs);
  if (options.json) terminal.data(JSON.stringify(found, null, 2));
  const spent = tried.map(({ rung, runCount }) => `${rung} ${grouped(runCount)}`).join(', ');
  if (finding === undefined) {
    const took = [...(spent === '' ? [] : [spent]), `${(elapsedMs / 1_000).toFixed(1)} s`].join('; ');
    const said =
      proof === undefined ? 'nothing was found, which proves nothing' : `nothing breaks it: ${proof}`;
    if (!options.json) terminal.report(`${said} (${took})`);
    return proof === undefined ? exitCodes.unknown : exitCodes.ok;
  }
  terminal.talk(`found on the rung ${finding.rung} (${spent}), seed ${finding.plan.seed}`);
  for (const { status, because } of [finding.verdict.agreement, finding.verdict.validity]) {
    if (status === 'violated') terminal.talk(`  ${because}`);
  }
  terminal.talk(`  decisions: ${decisionsText(predictedDecisions(finding.plan))}`);
  if (!options.json || options.output !== undefined) writePlan(shell, finding.plan, options.output);
  if (options.output !== undefined) terminal.talk(`smaller: byz shrink ${options.output}`);
  if (asked.isWithin) return exitCodes.violated;
  return options.expect === 'violated' ? exitCodes.ok : exitCodes.outside;
}

function progressLine({ rung, runCount, closest }: SearchProgress): string {
  const margin = closest === undefined || closest === Number.POSITIVE_INFINITY ? '' : `, closest ${closest}`;
  return `searching: ${rung}, ${grouped(runCount)}${margin}`;
}

function rungsOf(text: string): readonly (typeof rungs)[number][] {
  return text.split(',').map((name) => {
    const rung = rungs.find((one) => one === name.trim());
    if (rung === undefined)
      throw invalidArgument(
        '--rungs',
        `"${name}" is unknown${suggestName(name, rungs)}; known: ${rungs.join(', ')}`,
      );
    return rung;
  });
}
