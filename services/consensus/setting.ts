/**
 * Whether a setting can be run at all. Being outside a protocol's bound is not a problem here: such rounds
 * run, and promise nothing.
 */
import { isGeneralId } from './general-id.js';
import type { Setting } from './protocol.js';
import { modes } from './protocol.js';
import { findProtocol, protocolNamed, protocolNames } from './protocols.js';

/** One thing wrong with data from outside: where, and which value against what is allowed. */
export interface Problem {
  /** Such as `traitorsMax` or `acts[3].path`. */
  readonly field: string;
  /** Lower case, no full stop. */
  readonly problem: string;
}

/** All that is wrong with a setting; empty when it can be run. O(n). */
export function checkSetting(setting: Setting): Problem[] {
  return [...checkNames(setting), ...checkGenerals(setting), ...checkTraitorsMax(setting)];
}

function checkNames({ protocol, mode, isCouncil }: Setting): Problem[] {
  const problems: Problem[] = [];
  const family = protocolNamed(protocol as string);
  if (family === undefined) {
    const names = protocolNames.join(', ');
    problems.push({ field: 'protocol', problem: `must be one of ${names}, got ${show(protocol)}` });
  }
  if (!modes.includes(mode)) {
    problems.push({ field: 'mode', problem: `must be one of ${modes.join(', ')}, got ${show(mode)}` });
  }
  if (problems.length > 0 || findProtocol({ protocol, mode, isCouncil }) !== undefined) return problems;
  const has = family?.variants.map((one) => `${one.mode} ${formName(one)}`).join(', ');
  const asked = `${mode} ${formName({ isCouncil })}`;
  return [{ field: 'mode', problem: `${protocol} runs as ${has}, got ${asked}` }];
}

function formName({ isCouncil }: Pick<Setting, 'isCouncil'>): string {
  return isCouncil ? 'as a council' : 'with a commander';
}

function checkGenerals({ generals, commander }: Setting): Problem[] {
  const problems: Problem[] = [];
  if (generals.length < 2) {
    problems.push({ field: 'generals', problem: `must be at least 2, got ${generals.length}` });
  }
  const seen = new Set<string>();
  for (const [index, id] of generals.entries()) {
    const field = `generals[${index}]`;
    if (!isGeneralId(id)) problems.push({ field, problem: `must be like general-0, got ${show(id)}` });
    else if (seen.has(id)) problems.push({ field, problem: `${id} stands twice in the list` });
    seen.add(id);
  }
  if (!seen.has(commander)) {
    problems.push({ field: 'commander', problem: `must be one of the generals, got ${show(commander)}` });
  }
  return problems;
}

function checkTraitorsMax({ generals, traitorsMax }: Setting): Problem[] {
  if (Number.isInteger(traitorsMax) && traitorsMax >= 0 && traitorsMax <= generals.length) return [];
  const problem = `must be an integer from 0 to ${generals.length}, got ${traitorsMax}`;
  return [{ field: 'traitorsMax', problem }];
}

/** A value from outside, quoted and cut to a readable length. */
function show(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
