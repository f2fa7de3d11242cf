#!/usr/bin/env node
/**
 * The process `byz`.
 */
import { createTerminal } from './output/terminal.js';
import { runCommandLine } from './program.js';

// A reader that has seen enough, such as head, ends the command without a complaint.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

// Timers of the clock do not keep a process alive; a command that is not over does.
const alive = setInterval(() => {}, 2 ** 30);
const exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: createTerminal({
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    platform: process.platform,
  }),
  environment: process.env,
  workingDirectory: process.cwd(),
  process,
});
clearInterval(alive);
// What was written must have left before the process ends.
process.stdout.write('', () => process.exit(exitCode));
