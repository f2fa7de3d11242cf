/**
 * One attack in a process of its own, so that only the service is shared with those who behave:
 * `node attacker.js <address> <attack> <ms> <address of its own>`. It begins when it is told to, by a byte on
 * stdin, and prints how much it did. It has the lowest priority: where it shares a processor with the service and the bystander, what slows
 * them shall be its effect on the service and not its own work.
 */
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { systemClock } from '../../services/runtime/index.js';
import { attacks } from './attacks.js';

const [address = '', name = '', ms = '0', from = ''] = process.argv.slice(2);
const attack = attacks[name];
if (attack === undefined) throw new Error(`no attack "${name}"`);
setPriority(constants.priority.PRIORITY_LOW);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const count = await attack({ address, from, untilMs: systemClock.monotonicMs() + Number(ms) });
process.stdout.write(`${count}\n`);
process.exit(0);
