/**
 * One attack in a process of its own, so that only the service is shared with those who behave:
 * `node attacker.js <address> <attack> <ms> <address of its own>`. It prints how much it did. It has the lowest priority: what it costs is measured at
 * the service, and where both share a processor it is not to be the attacker's own work that slows others.
 */
import { constants, setPriority } from 'node:os';
import { systemClock } from '../../services/runtime/index.js';
import { attacks } from './attacks.js';

const [address = '', name = '', ms = '0', from = ''] = process.argv.slice(2);
const attack = attacks[name];
if (attack === undefined) throw new Error(`no attack "${name}"`);
setPriority(constants.priority.PRIORITY_LOW);
const count = await attack({ address, from, untilMs: systemClock.monotonicMs() + Number(ms) });
process.stdout.write(`${count}\n`);
process.exit(0);
