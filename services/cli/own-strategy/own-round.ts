/**
 * Rounds in which somebody follows an own strategy: `--strategy ./mine.ts` and `general-2=./mine.ts`. The round is
 * resolved here, with the settings of this command line, since a strategy can be asked only when it is known who betrays.
 */
import { randomInt } from 'node:crypto';
import type { GeneralId } from '../../consensus/index.js';
import type { RoundRequest } from '../../orchestrator/index.js';
import { resolveRound, roundDefaults, roundKeys } from '../../orchestrator/index.js';
import type { Settings } from '../../runtime/index.js';
import { systemClock } from '../../runtime/index.js';
import type { RoundOptions } from '../commands/round-options.js';
import { roundRequest } from '../round-request.js';
import type { Shell } from '../shell.js';
import type { OwnTask } from './own-strategy.js';

/** A traitor that follows a file. */
export interface OwnTraitor {
  readonly general: GeneralId;
  readonly file: string;
  /** Why it is silent instead; null when it is not. */
  readonly failure: string | null;
}

/** Flags and operands with a strategy of the house in place of each file. */
export interface OwnFiles<Options> {
  readonly options: Options;
  readonly operands: readonly string[];
  /** Of single generals, and of all others. */
  readonly files: ReadonlyMap<GeneralId, string>;
  readonly others: string | undefined;
}

/** Undefined where nobody follows a file. */
export function ownFilesOf<Options extends RoundOptions>(
  options: Options,
  operands: readonly string[],
): OwnFiles<Options> | undefined {
  const named = operands.map((operand) => /^([^=]*)=(.*)$/.exec(operand) ?? [operand, operand, '']);
  const files = new Map(
    named.flatMap(([, general = '', file = '']) => (isFile(file) ? [[general, file] as const] : [])),
  );
  const others = isFile(options.strategy ?? '') ? options.strategy : undefined;
  if (files.size === 0 && others === undefined) return undefined;
  return {
    options: others === undefined ? options : { ...options, strategy: placeholder },
    operands: operands.map((operand, i) => {
      const general = named[i]?.[1] ?? '';
      return files.has(general) ? `${general}=${placeholder}` : operand;
    }),
    files,
    others,
  };
}

/** A name of the house has neither a dot nor a slash. */
function isFile(strategy: string): boolean {
  return /[./\\]/.test(strategy);
}

const placeholder = 'silent';

/** The whole request, with a table for each own strategy. Errors: those of the files, and of a round that cannot be. */
export async function ownRoundRequest(
  shell: Shell,
  { options, operands, files, others }: OwnFiles<RoundOptions>,
  settings: Settings,
): Promise<{ readonly request: RoundRequest; readonly ownTraitors: readonly OwnTraitor[] }> {
  const asked = roundRequest(options, operands);
  const round = resolveRound(asked, roundDefaults(settings.values(roundKeys)), () => randomInt(2 ** 32));
  const explicit = new Set(asked.traitors?.map(({ general }) => general));
  const fileOf = (general: GeneralId) => files.get(general) ?? (explicit.has(general) ? undefined : others);
  const context = {
    setting: round.setting,
    traitors: round.traitors.map(({ general }) => general),
    seed: round.seed,
  };
  const specs = new Map(round.traitors.map((spec) => [spec.general, spec]));
  const ownTraitors: OwnTraitor[] = [];
  for (const file of new Set(context.traitors.map(fileOf))) {
    if (file === undefined) continue;
    const followers = context.traitors.filter((general) => fileOf(general) === file);
    const tasks = followers.map((general) => ({ context, general }));
    for (const { spec, failure = null } of await betray(shell, file, tasks)) {
      specs.set(spec.general, spec);
      ownTraitors.push({ general: spec.general, file, failure });
    }
  }
  const { setting, order, inputs, seed, phaseMs } = round;
  const { protocol, mode, isCouncil } = setting;
  const request: RoundRequest = {
    ...asked,
    ...{ protocol, mode, isCouncil, inputs, order, seed, phaseMs },
    generalCount: setting.generals.length,
    faultCount: setting.traitorsMax,
    traitorCount: specs.size,
    traitors: [...specs.values()],
  };
  return { request, ownTraitors };
}

/** Says who follows which file, and what became of it. */
export function ownTraitorLines(ownTraitors: readonly OwnTraitor[]): readonly string[] {
  return ownTraitors.map(({ general, file, failure }) =>
    failure === null ? `${general} follows ${file}` : `${general} is silent: ${file} failed, ${failure}`,
  );
}

async function betray({ workingDirectory, terminal }: Shell, file: string, tasks: readonly OwnTask[]) {
  // What takes the types out is large, and most rounds need it not.
  const { OwnStrategy } = await import('./own-strategy.js');
  const strategy = await OwnStrategy.load({
    file,
    workingDirectory,
    clock: systemClock,
    onOutput: (text) => terminal.talk(`${file}: ${text}`),
  });
  try {
    return await strategy.betray(tasks);
  } finally {
    await strategy.stop();
  }
}
