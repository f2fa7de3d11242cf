/**
 * The conformance suite catches what is planted.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Scene } from '../../conformance/scene.suite.js';
import { type Check, type ConformanceSubject, conformanceChecks } from '../../conformance.suite.js';
import type { TupleSpace } from '../../space.js';
import { plantedFaults } from './planted-faults.suite.js';
import { openMemorySubject } from './subject.suite.js';

/** How long a check may take; one that hangs on a broken store has caught it. */
const checkMs = 1_000;

/** How long a condition may take to come true on a store that answers at once. */
const patienceMs = 100;

type Plant = (right: TupleSpace) => Partial<TupleSpace>;

const checks = new Map(
  conformanceChecks.flatMap((group) => group.checks.map((check) => [check.claim, check])),
);

async function openBroken(plant: Plant): Promise<ConformanceSubject> {
  const subject = await openMemorySubject(patienceMs);
  return { ...subject, as: (token) => planted(subject.as(token), plant) };
}

/** The right space with some methods replaced. */
function planted(right: TupleSpace, plant: Plant): TupleSpace {
  const broken = plant(right);
  return new Proxy(right, {
    get: (target, name: keyof TupleSpace) => broken[name] ?? target[name]?.bind(target),
  });
}

/** True when the claim holds on a subject, in time. */
async function holds({ run }: Check, plant: Plant): Promise<boolean> {
  const open = () => openBroken(plant);
  const subject = await open();
  const scene = await Scene.open(subject, { openAnother: open, policy: undefined });
  const running = run(scene).then(
    () => true,
    () => false,
  );
  const result = await Promise.race([running, pause(checkMs, false, { ref: false })]);
  await subject.stop();
  return result;
}

function checkOf(claim: string): Check {
  const check = checks.get(claim);
  if (check === undefined) throw new Error(`there is no claim "${claim}"`);
  return check;
}

describe('the conformance suite', () => {
  it.each(plantedFaults)('catches: $fault', async ({ plant, caughtBy }) => {
    for (const claim of caughtBy) {
      expect({ claim, holds: await holds(checkOf(claim), plant) }).toEqual({ claim, holds: false });
    }
  });

  it('holds on the same store without a fault', async () => {
    const claims = new Set(plantedFaults.flatMap(({ caughtBy }) => caughtBy));
    for (const claim of claims) {
      expect({ claim, holds: await holds(checkOf(claim), () => ({})) }).toEqual({ claim, holds: true });
    }
  });
});
