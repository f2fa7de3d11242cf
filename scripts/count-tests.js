// Prints `<passed> <failed>` of a jest result file. A test file that could not be run is a failure, and so is a missing result.
import { readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
try {
  const result = JSON.parse(readFileSync(path, 'utf8'));
  console.log(result.numPassedTests, result.numFailedTests + result.numRuntimeErrorTestSuites);
} catch {
  console.log(0, 1);
}
