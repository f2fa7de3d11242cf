/**
 * The law of imports (ARCHITECTURE.md) and of size (CONTRIBUTING.md), as a test: the tree is read, nothing is loaded.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const root = join(__dirname, '..');

/** What each folder of services/ may import of the others. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  runtime: [],
  consensus: [],
  record: ['consensus'],
  tuplespace: ['runtime'],
  'general-node': ['tuplespace', 'runtime', 'consensus'],
  orchestrator: ['record', 'general-node', 'tuplespace', 'runtime', 'consensus'],
  dashboard: ['orchestrator', 'record', 'runtime', 'consensus'],
  simulator: ['orchestrator', 'general-node', 'tuplespace', 'runtime', 'consensus'],
  cli: [
    'dashboard',
    'simulator',
    'orchestrator',
    'record',
    'general-node',
    'tuplespace',
    'runtime',
    'consensus',
  ],
};

interface SourceFile {
  /** From the root, such as `services/runtime/clock.ts`. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
}

function sources(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const path = join(folder, name);
      return {
        path,
        text: readFileSync(join(root, path), 'utf8'),
        isTest: /\.(test|suite)\.tsx?$/.test(name) || /(^|\/)testing\//.test(name),
      };
    });
}

function imports({ path, text }: SourceFile): { readonly specifier: string; readonly target: string }[] {
  const statements = text.matchAll(/^(?:import|export)\b[^'"`]*?\bfrom\s+'([^']+)'/gm);
  const calls = text.matchAll(/\bimport\('([^']+)'\)/g);
  const found = [...statements, ...calls].map((match) => match[1] as string);
  return found.map((specifier) => ({
    specifier,
    target: specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier,
  }));
}

/** `services/<folder>/...` to `<folder>`; undefined for anything else. */
function folderOf(path: string): string | undefined {
  return /^services\/([^/]+)\//.exec(path)?.[1];
}

const services = sources('services').filter(({ path }) => folderOf(path) !== undefined);

describe('imports follow the chain cli, simulator, orchestrator, general-node, tuplespace, runtime', () => {
  test('every folder is in the table', () => {
    const folders = new Set(services.map(({ path }) => folderOf(path)));
    expect(folders).toEqual(new Set(Object.keys(allowed)));
  });

  test('no folder imports one that it may not', () => {
    const wrong = services.flatMap((file) =>
      imports(file)
        .map(({ target }) => ({ from: folderOf(file.path) as string, to: folderOf(target), file: file.path }))
        .filter(({ from, to }) => to !== undefined && to !== from && !allowed[from]?.includes(to)),
    );
    expect(wrong).toEqual([]);
  });

  test('a folder is imported by its index only', () => {
    const wrong = services
      .filter(({ isTest }) => !isTest)
      .flatMap((file) =>
        imports(file)
          .filter(({ target }) => folderOf(target) !== undefined && folderOf(target) !== folderOf(file.path))
          .filter(({ target }) => !/^services\/[^/]+\/index\.js$/.test(target))
          .map(({ specifier }) => `${file.path}: ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  test('the page runs in a browser: it knows the record, the core and what the server tells it', () => {
    const page = 'services/dashboard/page/';
    const known = [
      /^services\/dashboard\/page\//,
      /^services\/(record|consensus)\/index\.js$/,
      /^services\/dashboard\/wire\.js$/,
      /^(preact|preact\/hooks|preact\/compat|@preact\/signals|@noble\/.*)$/,
    ];
    const wrong = services
      .filter(({ path, isTest }) => path.startsWith(page) && !isTest)
      .flatMap((file) => imports(file).map(({ target }) => ({ file: file.path, target })))
      .filter(({ target }) => !known.some((pattern) => pattern.test(target)));
    expect(wrong).toEqual([]);
  });

  test('the core is pure: it imports nothing but itself', () => {
    const wrong = services
      .filter(({ path, isTest }) => folderOf(path) === 'consensus' && !isTest)
      .flatMap((file) =>
        imports(file).filter(({ specifier }) => !specifier.startsWith('./') && !specifier.startsWith('../')),
      );
    expect(wrong).toEqual([]);
  });
});

describe('time, chance and the environment come from one place each', () => {
  // A browser has a clock of its own.
  const clocks = /^services\/runtime\/|^services\/dashboard\/page\/browser\.ts$/;
  const rules: readonly { what: RegExp; only: RegExp; instead: string }[] = [
    { what: /\bDate\.now\(|\bnew Date\(\)/, only: clocks, instead: 'Clock.wallMs' },
    { what: /\bperformance\.now\(/, only: clocks, instead: 'Clock.monotonicMs' },
    { what: /\bsetTimeout\(|\bsetInterval\(/, only: clocks, instead: 'Clock.after' },
    { what: /\bMath\.random\(/, only: /^$/, instead: 'a seed' },
    {
      what: /\bprocess\.env\b/,
      only: /^services\/cli\/|^services\/[^/]+\/main\.ts$/,
      instead: 'settings passed down',
    },
  ];

  test.each(rules)('$instead instead of $what', ({ what, only }) => {
    const wrong = services
      .filter(({ path, text, isTest }) => !isTest && !only.test(path) && what.test(text))
      .map(({ path }) => path);
    expect(wrong).toEqual([]);
  });
});

test('what costs something when it is off is loaded when it is on', () => {
  const libraries = /^(prom-client|@opentelemetry\/(?!api$).+)$/;
  const wrong = services
    .filter(({ isTest }) => !isTest)
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^import (?!type\b)[^'"`]*?\bfrom\s+'([^']+)'/gm)]
        .filter(([, specifier]) => libraries.test(specifier as string))
        .map(([statement]) => `${path}: ${statement}`),
    );
  expect(wrong).toEqual([]);
});

describe('size', () => {
  test('a file has one idea: 250 lines, 400 for a test', () => {
    const wrong = [...services, ...sources('e2e')]
      .map(({ path, text, isTest }) => ({
        path,
        lines: text.split('\n').length - 1,
        max: isTest ? 400 : 250,
      }))
      .filter(({ lines, max, path }) => lines > max && !exceptions.has(path));
    expect(wrong).toEqual([]);
  });

  const exceptions = new Set([
    // The catalogue stands in one file, so that no tuple is built or read anywhere else.
    'services/general-node/tuples.ts',
    // One interface with all that its callers must know.
    'services/tuplespace/space.ts',
  ]);
});

test('no path of the tree differs from its name in kebab case', () => {
  const wrong = services
    .map(({ path }) => relative('services', path))
    .filter((path) => !/^[a-z0-9-]+(\/[a-z0-9.-]+)*\.tsx?$/.test(path));
  expect(wrong).toEqual([]);
});
