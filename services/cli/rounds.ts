/**
 * `byz round`: rounds on an orchestrator.
 */
import type { Round } from '../orchestrator/index.js';
import { traceEvent } from '../orchestrator/index.js';
import { invalidArgument, systemClock } from '../runtime/index.js';
import { askedRound } from './asked-round.js';
import type { CancelOptions, ListOptions, StartOptions, WatchOptions } from './commands/round.js';
import type { ReportOptions, SaveOptions } from './commands/round-options.js';
import type { TargetOptions } from './commands/target-options.js';
import { type RoundFacts, roundDocument, roundFacts } from './documents/round-document.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { eventsOf, followRound, withVerdict } from './follow-round.js';
import { listenForInterrupt } from './interrupt.js';
import { grouped } from './output/numbers.js';
import { createStyle } from './output/style.js';
import { alignedTable, plainTable } from './output/table.js';
import { ownFilesOf, ownTraitorLines } from './own-strategy/own-round.js';
import { isAsPredicted } from './plan/plan-file.js';
import { withOrchestrator } from './remote.js';
import { eventLine } from './report/event-line.js';
import { protocolName } from './report/protocol-name.js';
import { conclusion } from './report/verdict.js';
import { roundFlags, whole } from './round-request.js';
import { saverFor } from './save-round.js';
import { loadCommandSettings } from './settings.js';
import type { GlobalOptions, Shell } from './shell.js';
import { evidenceOf, showRound } from './show-round.js';
import { codeOfVerdict } from './verdict-code.js';

/** `byzantine.rounds/1`. */
export interface RoundsDocument {
  readonly schema: 'byzantine.rounds/1';
  /** Newest first. */
  readonly rounds: readonly RoundFacts[];
}

export async function startRound(
  shell: Shell,
  options: StartOptions & GlobalOptions,
  assignments: readonly string[],
): Promise<ExitCode> {
  const { key } = options;
  const asked = await askedRound(shell, options, assignments, () => {
    const named = ownFilesOf(options, assignments)?.options ?? options;
    return loadCommandSettings(shell, options, { flags: roundFlags(named) });
  });
  const { plan, ownTraitors = [] } = asked;
  const request = { ...asked.request, ...(key === undefined ? {} : { key }) };
  const { terminal } = shell;
  const saver = options.watch ? saverFor(shell, options) : noSaver(options);
  return withOrchestrator(shell, options, async (orchestrator, address) => {
    const interrupt = listenForInterrupt(shell);
    try {
      const { signal } = interrupt;
      const started = await orchestrator.startRound(request, { signal });
      if (!options.watch) {
        for (const line of ownTraitorLines(ownTraitors)) terminal.talk(line);
        if (options.json) terminal.data(JSON.stringify(roundDocument(started), null, 2));
        else terminal.report(`round ${started.number} started; byz round watch ${started.number} follows it`);
        return exitCodes.ok;
      }
      const round = await followRound(orchestrator, started, { terminal, clock: systemClock, signal });
      const evidence = await evidenceOf(orchestrator, round);
      showRound(shell, round, { ...options, evidence, ownTraitors, place: placeOf(round, address) });
      await saver?.save(orchestrator, round);
      if (round.status === 'cancelled') return exitCodes.interrupted;
      if (plan !== undefined && !isAsPredicted(shell, plan, round)) return exitCodes.violated;
      return codeOfVerdict(round.verdict, { isViolationExpected: false });
    } finally {
      interrupt.dispose();
    }
  });
}

/** Ctrl-C ends the watching, not the round. */
export async function watchRound(
  shell: Shell,
  options: WatchOptions & GlobalOptions,
  text: string,
): Promise<ExitCode> {
  const number = roundNumber(text);
  const { terminal } = shell;
  const saver = saverFor(shell, options);
  return withOrchestrator(shell, options, async (orchestrator) => {
    const { signal, dispose } = listenForInterrupt(shell);
    try {
      let startedAtMs: number | undefined;
      for await (const event of eventsOf(orchestrator, number, { clock: systemClock, signal })) {
        startedAtMs ??= event.atMs;
        if (options.json) terminal.data(JSON.stringify(traceEvent(number, event)));
        else terminal.report(eventLine(event, startedAtMs));
        if (event.kind !== 'ended') continue;
        const { verdict } = withVerdict(event.round);
        if (!options.json) terminal.report(conclusion(verdict, { style: createStyle(terminal) }));
        await saver?.save(orchestrator, event.round);
        return codeOfVerdict(verdict, { isViolationExpected: false });
      }
      return exitCodes.interrupted;
    } finally {
      dispose();
    }
  });
}

export async function showOneRound(
  shell: Shell,
  options: ReportOptions & SaveOptions & TargetOptions & GlobalOptions,
  text: string,
): Promise<ExitCode> {
  const number = roundNumber(text);
  const saver = saverFor(shell, options);
  return withOrchestrator(shell, options, async (orchestrator, address) => {
    const round = withVerdict(await orchestrator.getRound({ number, withMessages: true }));
    const evidence = await evidenceOf(orchestrator, round);
    showRound(shell, round, { ...options, evidence, place: placeOf(round, address) });
    await saver?.save(orchestrator, round);
    return exitCodes.ok;
  });
}

export async function listRounds(shell: Shell, options: ListOptions & GlobalOptions): Promise<ExitCode> {
  const [limit, beforeNumber] = [whole('--limit', options.limit), whole('--before', options.before)];
  const { terminal } = shell;
  return withOrchestrator(shell, options, async (orchestrator) => {
    const rounds = await orchestrator.listRounds({
      ...(limit === undefined ? {} : { limit }),
      ...(beforeNumber === undefined ? {} : { beforeNumber }),
    });
    if (options.json) {
      const document: RoundsDocument = {
        schema: 'byzantine.rounds/1',
        rounds: rounds.map((round) => roundFacts(round)),
      };
      terminal.data(JSON.stringify(document, null, 2));
    } else if (rounds.length === 0) {
      terminal.talk('no rounds yet; byz round start starts one');
    } else {
      const head = [
        'round',
        'protocol',
        'generals',
        'traitors',
        'order',
        'messages',
        'status',
        'verdict',
        'started',
      ];
      const content = { head, rows: rounds.map((round) => roundRow(round, shell)) };
      terminal.report((options.plain ? plainTable : alignedTable)(content));
    }
    return exitCodes.ok;
  });
}

export async function cancelRound(
  shell: Shell,
  options: CancelOptions & GlobalOptions,
  text: string,
): Promise<ExitCode> {
  const number = roundNumber(text);
  return withOrchestrator(shell, options, async (orchestrator) => {
    const round = await orchestrator.cancelRound({
      number,
      because: options.because ?? 'cancelled by a user',
    });
    if (options.json) shell.terminal.data(JSON.stringify(roundDocument(withVerdict(round)), null, 2));
    else shell.terminal.report(`round ${number} cancelled`);
    return exitCodes.ok;
  });
}

/** A round that nobody waits for has no record yet. */
function noSaver({ save, saveTo }: SaveOptions): undefined {
  if (save !== undefined || saveTo !== undefined) {
    throw invalidArgument('--save', 'needs --watch: the record is kept when the round is over');
  }
}

function roundRow(round: Round, { terminal }: Shell): readonly string[] {
  const { setting, verdict } = round;
  const result = verdict === undefined ? '' : conclusion(verdict, { style: createStyle(terminal) });
  return [
    String(round.number),
    protocolName(setting),
    String(setting.generals.length),
    String(round.traitors.length),
    round.order,
    grouped(round.messageCount),
    round.status,
    result,
    new Date(round.startedAtMs).toISOString(),
  ];
}

function roundNumber(text: string): number {
  return whole('the number of the round', text) ?? 0;
}

function placeOf({ number }: Round, address: string): string {
  return `round ${number} at ${address}`;
}
