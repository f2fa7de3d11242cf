/**
 * `byz examples`: what to try, by topic.
 */
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { act } from '../shell.js';
import { addHelpEnd } from './help.js';

const topics: Readonly<Record<string, string>> = {
  rounds: `
# One round with the settings of release.toml.
byz run
# The commander is the traitor and tells each lieutenant something else.
byz run general-0=two-faced
# Ten generals, three of them traitors; every message of it.
byz run --generals 10 --traitors 3 --all
# The same round again: the seed decides all that is random.
byz run --generals 7 --traitors 2 --strategy random --seed 7 --json
# A silent traitor costs a deadline in each phase it should speak in.
byz run general-2=silent --phase-ms 300`,
  lessons: `
# Three generals cannot withstand a traitor, whatever they do.
byz run --generals 3 --traitors 1 --outside-bound --expect violated general-2=flip
# One traitor too many for seven.
byz run --generals 7 --traitors 3 --outside-bound
# More rounds of messages cost more: 9, 156, 3,609.
byz run --generals 4 --traitors 1
byz run --generals 7 --traitors 2
byz run --generals 10 --traitors 3`,
  records: `
# Keep a round: its record, a diagram and a report to open in a browser.
byz run --seed 7 --save
# Prove that what was said and decided follows from the record; then event by event.
byz replay runs/latest
byz replay runs/latest --step
# A log for ShiViz.
byz export runs/latest --as shiviz > shiviz.log`,
  services: `
# Everything in one process, at the usual addresses.
byz dev
# One process each.
byz tuplespace
byz general-node --node-id node1 --address localhost:8000 --tuplespace localhost:7000 --generals general-0,general-1
byz general-node --node-id node2 --address localhost:8001 --tuplespace localhost:7000 --generals general-2,general-3
byz orchestrator
# Who is there, and a round.
byz nodes
byz round start --watch
byz round list --json`,
  chaos: `
# A node that may be crashed and hung, beside others that may not.
byz general-node --chaos --node-id weak
# A round that waits for a silent traitor; meanwhile a node hangs, and its seats move.
byz round start --generals 7 --faults 2 --traitors 1 general-3=silent --phase-ms 8000
byz fault hang weak --for 10s
byz nodes
byz fault recover weak
byz fault crash weak`,
  space: `
# Tuples are lists of typed values: 1 an int64, 1.0 a double, 0x"ff" bytes.
byz space write '("lock", "db", 1)'
# In a template ?type stands for anything of a type, ? for anything, 1..5 for a range, "d"* for a prefix.
byz space read '("lock", ?str, 1..5)'
byz space take '("lock", "d"*, ?)' --wait 5s
byz space watch '("lock", ?, ?)'
# Written only if nothing of the kind stands there.
byz space write '("leader", "me")' --unless '("leader", ?str)'`,
  stores: `
# A system whose rounds are kept; the password stands in a file.
byz dev --backend redis --redis-url redis://localhost:6379 --redis-password-file ./redis.password
byz dev --backend postgres --postgres-url postgres://me@localhost:5432/mine
# One round of it; the same seed decides the same as in memory.
byz run --backend redis --redis-url redis://localhost:6379 --seed 7
# What the store keeps, and everything else that rounds need.
byz doctor
byz space info`,
  settings: `
# Every setting, with where its value came from.
byz config show --origin
# The same for one command line.
BYZANTINE_FAULT_COUNT=2 byz config show --origin
# A settings file with all keys.
byz config defaults > release.toml`,
};

export function examplesCommand(shell: Shell): Command {
  const command = new Command('examples')
    .description(`show examples: ${Object.keys(topics).join(', ')}`)
    .argument('[topic]', 'only this topic')
    .action(
      act(shell, async ({ args: [topic] }) => {
        if (topic !== undefined && !Object.hasOwn(topics, topic)) {
          const { invalidArgument, suggestName } = await import('../../runtime/index.js');
          throw invalidArgument('topic', `"${topic}" is unknown${suggestName(topic, Object.keys(topics))}`);
        }
        const shown = Object.entries(topics).filter(([name]) => topic === undefined || name === topic);
        shell.terminal.report(shown.map(([name, text]) => `${name}\n${text.trim()}`).join('\n\n'));
        return exitCodes.ok;
      }),
    );
  return addHelpEnd(command, {
    examples: ['byz examples', 'byz examples records'],
    exitCodes: '0 done, 64 no such topic.',
  });
}
