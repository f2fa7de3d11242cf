// Puts beside the compiled code what it reads at run time by path: wire contract, scenarios, version, and the commit where it is known.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';

cpSync('proto/byzantine', 'dist/proto/byzantine', { recursive: true });
const worker = 'services/cli/own-strategy/strategy-worker.js';
cpSync(worker, `dist/${worker}`);
cpSync('services/simulator/scenarios', 'dist/services/simulator/scenarios', { recursive: true });
const { name, version, type, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
// The compiled programs import the library by the package's name, so dist/ is a package too.
const entries = JSON.parse(JSON.stringify(exports).replaceAll('./dist/', './'));
const about = { name, version, commit: currentCommit(), type, private: true, exports: entries };
writeFileSync('dist/package.json', `${JSON.stringify(about, null, 2)}\n`);

/** Of the checkout; a build without one, such as an image's, gets it as SOURCE_COMMIT. */
function currentCommit() {
  if (process.env.SOURCE_COMMIT) return process.env.SOURCE_COMMIT;
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}
