/**
 * What a policy and a token cost: the same calls in a space without a policy by nobody in particular, and in one under a policy of a round's
 * size by a caller with a token. Slices of both alternate; each figure is the median over the slices.
 */
import type { TupleSpace } from '../../services/tuplespace/index.js';
import {
  allow,
  any,
  createToken,
  deny,
  hashToken,
  policyPrefix,
  policyTemplate,
  TupleSpaceClient,
  theCaller,
} from '../../services/tuplespace/index.js';
import { type Shown, typical, underLoad } from './load.js';
import { fillResident, removeWords, writeJobs } from './resident.js';
import { type MeasuredCall, measuredCalls } from './space-calls.js';
import { median, short, table } from './statistics.js';

const residentCount = 1_000;
const callerCount = 64;
/** The writer that the measured tuples name in field 3. */
const caller = { kind: 'client', id: 'general-42', epoch: 0 } as const;

/** As many rules as a round has, those that decide last. */
const policy = {
  rules: [
    ...Array.from({ length: 16 }, (_, i) =>
      allow(`other-${i}`, ['read', 'write'], { template: policyTemplate(`kind-${i}`, theCaller, any) }),
    ),
    deny('sealed', ['read', 'write', 'take'], { template: policyPrefix('sealed') }),
    allow('own', ['write'], {
      template: policyTemplate(any, any, any, theCaller, any),
      until: [policyTemplate('closed')],
    }),
    allow('filler', ['write'], { template: policyTemplate('vote', any, any, any, any) }),
    allow('all', ['read', 'watch', 'take'], {}),
  ],
};

export async function measurePolicyCost(address: string, sliceCount: number): Promise<void> {
  const plain = new TupleSpaceClient({ service: address });
  const { token } = await plain.enrol({ kind: 'orchestrator', id: 'orchestrator', secret: '' });
  const orchestrator = new TupleSpaceClient({ service: address, token });
  const own = createToken();
  await orchestrator.putToken({ tokenHash: hashToken(own), caller });
  const guarded = new TupleSpaceClient({ service: address, token: own });
  const spaces = { plain: 'plain', guarded: 'guarded' };
  try {
    await fillResident(plain, residentCount, { space: spaces.plain, settings: {} });
    await fillResident(guarded, residentCount, { space: spaces.guarded, settings: { policy } });
    const slices = new Map<string, Shown[]>();
    for (let slice = 0; slice <= sliceCount; slice += 1) {
      // The first slice warms up.
      if (slice === 1) slices.clear();
      for (const call of measuredCalls) {
        // Who comes first takes turns.
        const ways = [
          ['plain', plain],
          ['guarded', guarded],
        ] as const;
        for (const [way, client] of slice % 2 === 0 ? ways : ways.toReversed()) {
          const key = `${call.name} ${way}`;
          slices.set(key, [...(slices.get(key) ?? []), await measure(client, spaces[way], call)]);
        }
      }
    }
    print(slices);
  } finally {
    await Promise.all([plain.close(), guarded.close(), orchestrator.close()]);
  }
}

async function measure(space: TupleSpace, name: string, call: MeasuredCall): Promise<Shown> {
  const { callCount, needsJobs, ours } = call;
  if (needsJobs) await writeJobs(space, name, callCount);
  const shown = await underLoad({
    callCount,
    callerCount,
    call: (nth) => ours(space, { space: name, residentCount, nth }),
  });
  await removeWords(space, name);
  return shown;
}

function print(slices: ReadonlyMap<string, readonly Shown[]>): void {
  const rows = measuredCalls.map(({ name }) => {
    const plain = typical(slices.get(`${name} plain`) ?? []);
    const guarded = typical(slices.get(`${name} guarded`) ?? []);
    return { name, plain, guarded, cost: plain.perSecond / guarded.perSecond - 1 };
  });
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.log(
    table(
      ['call', 'per second', 'with policy and token', 'cost'],
      rows.map(({ name, plain, guarded, cost }) => [
        name,
        short(plain.perSecond),
        short(guarded.perSecond),
        percent(cost),
      ]),
    ),
  );
  console.log(`median cost ${percent(median(rows.map(({ cost }) => cost)))}`);
}
