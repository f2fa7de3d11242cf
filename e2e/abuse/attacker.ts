/**
 * One attack in a process of its own, so that only the service is shared with those who behave:
 * `node attacker.js <address> <attack> <ms>`. It prints how much it did.
 */
import { systemClock } from '../../services/runtime/index.js';
import { attacks } from './attacks.js';

const [address = '', name = '', ms = '0'] = process.argv.slice(2);
const attack = attacks[name];
if (attack === undefined) throw new Error(`no attack "${name}"`);
const count = await attack(address, systemClock.monotonicMs() + Number(ms));
process.stdout.write(`${count}\n`);
process.exit(0);
