/**
 * From flags to the request for a round. Only what was given is in it; the orchestrator fills in the rest.
 */
import type { TraitorSpec, Vote } from '../consensus/index.js';
import { isGeneralId, strategyNames, votes } from '../consensus/index.js';
import type { RoundRequest } from '../orchestrator/index.js';
import { roundKeys } from '../orchestrator/index.js';
import type { FlagValue } from '../runtime/index.js';
import { invalidArgument, suggestName } from '../runtime/index.js';
import type { RoundOptions } from './commands/round-options.js';
import { flagValues } from './settings.js';

/**
 * `assignments` are operands such as `general-2=silent`. Errors: invalid_argument, naming the flag or
 * operand.
 */
export function roundRequest(options: RoundOptions, assignments: readonly string[]): RoundRequest {
  const { protocol, strategy, order, outsideBound } = options;
  const request = {
    protocol,
    generalCount: whole('--generals', options.generals),
    faultCount: whole('--faults', options.faults),
    traitorCount: whole('--traitors', options.traitors),
    strategy,
    traitors: assignments.length === 0 ? undefined : assignments.map(parseTraitor),
    order: order === undefined ? undefined : parseVote('--order', order),
    mode: options.mode,
    isCouncil: options.council,
    inputs: options.input === undefined ? undefined : new Map(options.input.map(parseInput)),
    seed: whole('--seed', options.seed),
    phaseMs: whole('--phase-ms', options.phaseMs),
    messagesMax: whole('--max-messages', options.maxMessages),
    isOutsideBoundAllowed: outsideBound,
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

/** The same flags as settings, for a round whose orchestrator is in this process. */
export function roundFlags(options: RoundOptions): readonly FlagValue[] {
  const traitors = options.faults === undefined ? { traitors: roundKeys.faultCount.path } : {};
  return flagValues(options, {
    generals: roundKeys.generalCount.path,
    ...traitors,
    faults: roundKeys.faultCount.path,
    protocol: roundKeys.protocol.path,
    strategy: roundKeys.strategy.path,
    phaseMs: roundKeys.phaseMs.path,
    maxMessages: roundKeys.messagesMax.path,
  });
}

/** The number that a flag holds; undefined when it was not given. */
export function whole(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalidArgument(flag, `"${text}" is not a whole number`);
}

/** `--nodes` of the embedded system; default 4. */
export function nodeCountOf(text: string | undefined): number {
  const nodeCount = whole('--nodes', text) ?? 4;
  if (nodeCount >= 1 && nodeCount <= nodeCountMax) return nodeCount;
  throw invalidArgument('--nodes', `${nodeCount} is not from 1 to ${nodeCountMax}`);
}

const nodeCountMax = 64;

function parseTraitor(operand: string): TraitorSpec {
  const [, general = '', name = ''] = /^([^=]*)=(.*)$/.exec(operand) ?? [];
  if (general === '') throw invalidArgument(operand, 'is not a traitor such as general-2=silent');
  if (!isGeneralId(general))
    throw invalidArgument(operand, `"${general}" is not a general such as general-2`);
  const strategy = strategyNames.find((candidate) => candidate === name);
  if (strategy !== undefined) return { general, strategy };
  throw invalidArgument(operand, `strategy "${name}" is unknown${suggestName(name, strategyNames)}`);
}

function parseInput(text: string): [string, Vote] {
  const [, general = '', vote = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (!isGeneralId(general))
    throw invalidArgument('--input', `"${text}" is not an input such as general-2=Retreat`);
  return [general, parseVote('--input', vote)];
}

function parseVote(flag: string, text: string): Vote {
  const found = votes.find((vote) => vote.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw invalidArgument(flag, `"${text}" is no vote, allowed: ${votes.join(', ')}`);
  return found;
}
