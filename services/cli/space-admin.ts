/**
 * `byz space list`, `info`, `put` and `drop`.
 */
import { ServiceError } from '../runtime/index.js';
import type { Finding, SpaceInfo, SpaceServiceInfo, TupleSpace } from '../tuplespace/index.js';
import type { ListOptions, PutOptions, SpaceOptions } from './commands/space.js';
import type { ExitCode } from './exit-codes.js';
import { exitCodes } from './exit-codes.js';
import { alignedTable } from './output/table.js';
import { readPolicyFile } from './policy/policy-file.js';
import { withSpace } from './remote.js';
import { whole } from './round-request.js';
import type { GlobalOptions, Shell } from './shell.js';

/** A space in documents; revisions are decimal text. */
export interface SpaceFacts {
  readonly space: string;
  readonly incarnation: string;
  readonly creator: string;
  readonly revision: string;
  /** A watch can resume from here or later. */
  readonly oldestRevision: string;
  readonly tupleCount: number;
  readonly heldCount: number;
  readonly tupleBytes: number;
  readonly leaseCount: number;
  readonly waiterCount: number;
  readonly watchCount: number;
}

/** `byzantine.spaces/1`. */
export interface SpacesDocument {
  readonly schema: 'byzantine.spaces/1';
  readonly spaces: readonly SpaceFacts[];
  /** Pass it as --after for the next page; null when there is none. */
  readonly nextAfterSpace: string | null;
}

/** `byzantine.space/1`, of `info` with a name. */
export interface SpaceDocument extends SpaceFacts {
  readonly schema: 'byzantine.space/1';
}

/** `byzantine.space-service/1`, of `info` without a name. */
export interface SpaceServiceDocument extends SpaceServiceInfo {
  readonly schema: 'byzantine.space-service/1';
}

/** `byzantine.space-put/1`. */
export interface SpacePutDocument {
  readonly schema: 'byzantine.space-put/1';
  readonly space: string;
  readonly incarnation: string;
  readonly isNew: boolean;
  readonly revision: string;
}

/** `byzantine.space-drop/1`. */
export interface SpaceDropDocument {
  readonly schema: 'byzantine.space-drop/1';
  readonly space: string;
}

export async function listSpaces(shell: Shell, options: ListOptions & GlobalOptions): Promise<ExitCode> {
  const { prefix, after } = options;
  const limit = whole('--limit', options.limit);
  return withSpace(shell, options, async (space) => {
    const { spaces, nextAfterSpace } = await space.listSpaces({
      ...(prefix === undefined ? {} : { prefix }),
      ...(after === undefined ? {} : { afterSpace: after }),
      ...(limit === undefined ? {} : { limit }),
    });
    const document: SpacesDocument = {
      schema: 'byzantine.spaces/1',
      spaces: spaces.map(spaceFacts),
      nextAfterSpace: nextAfterSpace ?? null,
    };
    show(shell, options, document, () =>
      alignedTable({
        head: ['space', 'tuples', 'bytes', 'revision', 'waiters', 'watches', 'creator'],
        rows: document.spaces.map((one) => [
          one.space,
          String(one.tupleCount),
          String(one.tupleBytes),
          one.revision,
          String(one.waiterCount),
          String(one.watchCount),
          one.creator || 'the service',
        ]),
      }),
    );
    if (nextAfterSpace !== undefined && !options.json)
      shell.terminal.talk(`there are more: --after ${nextAfterSpace}`);
    return exitCodes.ok;
  });
}

export async function showInfo(
  shell: Shell,
  options: SpaceOptions & GlobalOptions,
  name: string | undefined,
): Promise<ExitCode> {
  return withSpace(shell, options, async (space) => {
    const document: SpaceDocument | SpaceServiceDocument =
      name === undefined
        ? { schema: 'byzantine.space-service/1', ...(await space.getInfo()) }
        : { schema: 'byzantine.space/1', ...spaceFacts(await findSpace(space, name)) };
    show(shell, options, document, () => factLines(document));
    return exitCodes.ok;
  });
}

export async function putSpace(
  shell: Shell,
  options: PutOptions & GlobalOptions,
  name: string,
): Promise<ExitCode> {
  const settings = options.policy === undefined ? {} : readPolicyFile(shell, options.policy);
  return withSpace(shell, options, async (space) => {
    const { incarnation, isNew, revision } = await space.putSpace({ space: name, settings });
    const document: SpacePutDocument = {
      schema: 'byzantine.space-put/1',
      space: name,
      incarnation,
      isNew,
      revision: revision.toString(),
    };
    show(shell, options, document, () => `${name} ${isNew ? 'created' : 'is there already'}`);
    return exitCodes.ok;
  });
}

export async function dropSpace(
  shell: Shell,
  options: SpaceOptions & GlobalOptions,
  name: string,
): Promise<ExitCode> {
  return withSpace(shell, options, async (space) => {
    await space.dropSpace({ space: name });
    const document: SpaceDropDocument = { schema: 'byzantine.space-drop/1', space: name };
    show(shell, options, document, () => `${name} dropped`);
    return exitCodes.ok;
  });
}

/** A name is a prefix of itself, and the first of all that begin so. */
export async function findSpace(space: TupleSpace, name: string): Promise<SpaceInfo> {
  const { spaces } = await space.listSpaces({ prefix: name, limit: 1 });
  const [found] = spaces;
  if (found?.space === name) return found;
  throw new ServiceError('not_found', `space "${name}" is unknown; byz space list shows all`);
}

function spaceFacts(info: SpaceInfo): SpaceFacts {
  const { settings: _, revision, oldestRevision, ...facts } = info;
  return { ...facts, revision: revision.toString(), oldestRevision: oldestRevision.toString() };
}

function show({ terminal }: Shell, { json }: SpaceOptions, document: object, describe: () => string): void {
  terminal.data(json ? JSON.stringify(document, null, 2) : describe());
}

/** `name  value` for each fact, those of a group one below the other. */
function factLines(document: object): string {
  const rows = Object.entries(document).flatMap(([name, value]) =>
    Array.isArray(value)
      ? (value as readonly Finding[]).map(findingRow)
      : typeof value === 'object' && value !== null
        ? Object.entries(value).map(([part, inner]) => [`${name}.${part}`, String(inner)])
        : name === 'schema'
          ? []
          : [[name, String(value)]],
  );
  return alignedTable({ head: ['fact', 'value'], rows });
}

function findingRow({ setting, found, needed, isMet }: Finding): readonly string[] {
  return [`store.${setting}`, isMet ? found : `${found}, needed is ${needed}`];
}
