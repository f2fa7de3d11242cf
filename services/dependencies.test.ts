/**
 * What is installed: exact versions, all of them locked with a checksum from the registry, no install script, licences that may be passed on,
 * and none of the versions that are known to be weak or to be somebody's attack.
 */
import { readFileSync } from 'node:fs';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
}

type Packages = Readonly<Record<string, Locked>>;

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const manifest = readJson<Manifest>('package.json');
const { packages } = readJson<{ packages: Packages }>('package-lock.json');
const { '': root, ...installed } = packages;

/** The first good version of each major one, or versions that were published by somebody else. */
const known: readonly { name: string; good?: readonly string[]; bad?: readonly string[]; why: string }[] = [
  { name: '@grpc/grpc-js', good: ['1.10.9'], why: 'CVE-2024-37168' },
  { name: 'protobufjs', good: ['7.5.8'], why: 'CVE-2023-36665 and later ones' },
  { name: 'undici', good: ['5.28.5', '6.21.1', '7.2.3'], why: 'CVE-2025-22150' },
  { name: 'ws', good: ['7.5.10', '8.17.1'], why: 'CVE-2024-37890' },
  { name: 'tar-fs', good: ['1.16.6', '2.1.4', '3.1.1'], why: 'CVE-2025-59343' },
  { name: 'cross-spawn', good: ['6.0.6', '7.0.5'], why: 'CVE-2024-21538' },
  { name: 'brace-expansion', good: ['1.1.12', '2.0.2', '3.0.1', '4.0.1'], why: 'CVE-2025-5889' },
  { name: 'braces', good: ['3.0.3'], why: 'CVE-2024-4068' },
  { name: 'micromatch', good: ['4.0.8'], why: 'CVE-2024-4067' },
  { name: 'semver', good: ['5.7.2', '6.3.1', '7.5.2'], why: 'CVE-2022-25883' },
  { name: 'glob', good: ['10.5.0', '11.1.0'], why: 'CVE-2025-64756' },
  { name: 'js-yaml', good: ['3.14.2', '4.1.1'], why: 'CVE-2025-64718' },
  { name: 'esbuild', good: ['0.25.0'], why: 'GHSA-67mh-4wv8-2f99' },
  { name: 'debug', bad: ['4.4.2'], why: 'taken over, September 2025' },
  { name: 'chalk', bad: ['5.6.1'], why: 'taken over, September 2025' },
  { name: 'ansi-styles', bad: ['6.2.2'], why: 'taken over, September 2025' },
  { name: 'ansi-regex', bad: ['6.2.1'], why: 'taken over, September 2025' },
  { name: 'strip-ansi', bad: ['7.1.1'], why: 'taken over, September 2025' },
  { name: 'color-name', bad: ['2.0.1'], why: 'taken over, September 2025' },
  { name: 'supports-color', bad: ['10.2.1'], why: 'taken over, September 2025' },
];

const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function weaknesses(of: Packages): string[] {
  return Object.entries(of).flatMap(([path, { version }]) =>
    known
      .filter(({ name, good = [], bad = [] }) => {
        if (name !== nameOf(path)) return false;
        return bad.includes(version) || isTooOld(version, good);
      })
      .map(({ name, why }) => `${name} ${version}: ${why}`),
  );
}

/** Older than the first good version of its major one; a major version below all of those has none. */
function isTooOld(version: string, good: readonly string[]): boolean {
  const parts = (text: string): number[] => text.split('.').map((part) => Number.parseInt(part, 10));
  const [major = 0, minor = 0, patch = 0] = parts(version);
  const first = good.map(parts).find(([goodMajor = 0]) => goodMajor >= major);
  if (first === undefined) return false;
  const [goodMajor = 0, goodMinor = 0, goodPatch = 0] = first;
  if (major !== goodMajor) return true;
  return minor < goodMinor || (minor === goodMinor && patch < goodPatch);
}

/** Packages that are not what the registry has under their version. */
function unlocked(of: Packages): string[] {
  return Object.entries(of)
    .filter(([, { integrity = '', resolved = 'https://registry.npmjs.org/', link = false }]) => {
      const isOfRegistry = resolved.startsWith('https://registry.npmjs.org/');
      return link || !isOfRegistry || !integrity.startsWith('sha512-');
    })
    .map(([path]) => nameOf(path));
}

test('every version is an exact one, and the lock is of them', () => {
  const { dependencies, devDependencies, overrides } = manifest;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...overrides })) {
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  }
  expect(root).toMatchObject({ dependencies, devDependencies });
});

test('every package is one of the registry, with its checksum', () => {
  expect(Object.keys(installed).length).toBeGreaterThan(100);
  expect(unlocked(installed)).toEqual([]);
});

test('no version is known to be weak', () => expect(weaknesses(installed)).toEqual([]));

test('no install script runs: npm is told so, and each package that has one is named', () => {
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  const withScript = Object.entries(installed).filter(([, { hasInstallScript = false }]) => hasInstallScript);
  const names = withScript.map(([path]) => nameOf(path));
  expect(manifest.allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
});

test('images and scripts install what the lock says', () => {
  for (const path of ['Dockerfile', 'scripts/setup.sh']) {
    const installs = readFileSync(path, 'utf8').match(/npm (?:ci|i|install|add|update)\b.*/g) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    expect(installs.filter((line) => !line.startsWith('npm ci'))).toEqual([]);
  }
});

test('what is shipped may be passed on', () => {
  const allowed = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'];
  const shipped = Object.entries(installed).filter(([, { dev = false }]) => !dev);
  const others = shipped.filter(([, { license = '' }]) =>
    license.split(' AND ').some((part) => !allowed.includes(part)),
  );
  expect(others.map(([path, { license }]) => `${nameOf(path)}: ${license}`)).toEqual([]);
});

describe('planted packages are caught', () => {
  const integrity = 'sha512-x';

  test.each([
    ['tar-fs', '2.1.3'],
    ['tar-fs', '3.1.0'],
    ['protobufjs', '6.11.4'],
    ['debug', '4.4.2'],
  ])('%s %s, wherever it is', (name, version) => {
    const lock = { [`node_modules/other/node_modules/${name}`]: { version, integrity } };
    expect(weaknesses(lock)).toEqual([expect.stringMatching(`^${name} ${version}: `)]);
  });

  test.each([
    ['tar-fs', '2.1.4'],
    ['tar-fs', '3.1.1'],
    ['tar-fs', '4.0.0'],
    ['debug', '4.4.1'],
  ])('%s %s is none', (name, version) => {
    expect(weaknesses({ [`node_modules/${name}`]: { version, integrity } })).toEqual([]);
  });

  test.each<[string, Locked]>([
    ['without a checksum', { version: '1.0.0' }],
    ['with a weak checksum', { version: '1.0.0', integrity: 'sha1-x' }],
    ['from elsewhere', { version: '1.0.0', integrity, resolved: 'git+ssh://git@github.com/a/b.git#1' }],
    ['that is a folder', { version: '1.0.0', integrity, link: true }],
  ])('one %s', (_, locked) => {
    expect(unlocked({ 'node_modules/some': locked })).toEqual(['some']);
  });
});
