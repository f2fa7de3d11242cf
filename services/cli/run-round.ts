/**
 * `byz run`: one round in this process.
 */
import { boundCheck } from '../orchestrator/index.js';
import { systemClock } from '../runtime/index.js';
import { storeChecks } from '../tuplespace/index.js';
import { askedRound } from './asked-round.js';
import type { RunOptions } from './commands/run.js';
import { startEmbedded } from './embedded.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { followRound } from './follow-round.js';
import { listenForInterrupt } from './interrupt.js';
import { ownFilesOf } from './own-strategy/own-round.js';
import { isAsPredicted } from './plan/plan-file.js';
import { nodeCountOf, roundFlags } from './round-request.js';
import { saverFor } from './save-round.js';
import { loadCommandSettings, storeFlags } from './settings.js';
import type { GlobalOptions, Shell } from './shell.js';
import { evidenceOf, showRound } from './show-round.js';
import { placeOf } from './store-place.js';
import { codeOfVerdict } from './verdict-code.js';

export async function runRound(
  shell: Shell,
  given: RunOptions & GlobalOptions,
  assignments: readonly string[],
): Promise<ExitCode> {
  const options = ownFilesOf(given, assignments)?.options ?? given;
  // A mode or form of its own has a bound of its own, to which the orchestrator holds the round.
  const hasOwnBound = options.outsideBound || options.mode !== undefined || options.council;
  const settings = loadCommandSettings(shell, options, {
    flags: [...roundFlags(options), ...storeFlags(options)],
    checks: hasOwnBound || options.plan !== undefined ? storeChecks : [boundCheck, ...storeChecks],
  });
  const { request, plan, ownTraitors } = await askedRound(shell, given, assignments, () => settings);
  const nodeCount = nodeCountOf(options.nodes);
  const saver = saverFor(shell, options);
  const interrupt = listenForInterrupt(shell);
  const { terminal } = shell;
  const embedded = await startEmbedded({ nodeCount, settings });
  try {
    const { orchestrator } = embedded;
    const { signal } = interrupt;
    const started = await orchestrator.startRound(request, { signal });
    const round = await followRound(orchestrator, started, { terminal, clock: systemClock, signal });
    showRound(shell, round, {
      ...options,
      ownTraitors,
      evidence: await evidenceOf(orchestrator, round),
      place: placeOf(embedded.store),
    });
    await saver?.save(orchestrator, round);
    if (round.status === 'cancelled') return exitCodes.interrupted;
    if (plan !== undefined && !isAsPredicted(shell, plan, round)) return exitCodes.violated;
    return codeOfVerdict(round.verdict, { isViolationExpected: options.expect === 'violated' });
  } finally {
    await embedded.stop();
    interrupt.dispose();
  }
}
