#!/usr/bin/env node
/**
 * The process `byz`.
 */
import { createTerminal } from './output/terminal.js';
import { runCommandLine } from './program.js';

// A reader that has seen enough, such as head, ends the command without a complaint.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

// An open port keeps the process alive until the command is over; the clock's timers do not.
const { port1: alive } = new MessageChannel();
alive.ref();
const exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: createTerminal({
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    platform: process.platform,
  }),
  ...(process.stdin.isTTY ? { input: process.stdin } : {}),
  environment: process.env,
  workingDirectory: process.cwd(),
  process,
});
alive.close();
// What was written must have left before the process ends.
process.stdout.write('', () => process.exit(exitCode));
