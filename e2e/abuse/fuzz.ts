/**
 * Bytes by chance, and well-formed messages with bytes replaced, for every method of a service. A service may refuse them, each by itself;
 * it may not call them a bug, and it may not end.
 */
import { random } from '../../services/consensus/random.js';
import { framed, openRaw, rawCall } from './raw-call.js';

export interface FuzzOptions {
  readonly address: string;
  /** Full name of the service, and its methods. */
  readonly service: string;
  readonly methods: readonly string[];
  readonly seed: number;
  /** Calls for each method. */
  readonly callCount: number;
  /** Well-formed messages to begin with. */
  readonly sound: readonly Buffer[];
}

/** How often each answer came, by method. */
export async function fuzz(options: FuzzOptions): Promise<ReadonlyMap<string, number>> {
  const { address, service, methods, callCount, seed } = options;
  const answers = new Map<string, number>();
  let [drawn, batchCount] = [0, 0];
  const chance: Chance = () => {
    drawn += 1;
    return random(seed, drawn) / 2 ** 32;
  };
  for (const method of methods) {
    for (let sent = 0; sent < callCount; sent += batch) {
      batchCount += 1;
      const session = openRaw(address, `127.0.${2 + (batchCount >> 8)}.${batchCount & 255}`);
      const calls = Array.from({ length: Math.min(batch, callCount - sent) }, () => {
        const body = framed(damaged(options.sound, chance));
        return rawCall(
          session,
          { path: `/${service}/${method}`, body, headers: { 'grpc-timeout': '300m' } },
          3_000,
        );
      });
      for (const answer of await Promise.all(calls)) answers.set(answer, (answers.get(answer) ?? 0) + 1);
      session.destroy();
    }
  }
  return answers;
}

/** Calls at once, each time from another address: one that goes on like this is shut out. */
const batch = 50;

type Chance = () => number;

function damaged(sound: readonly Buffer[], chance: Chance): Buffer {
  const below = (max: number): number => Math.floor(chance() * max);
  if (sound.length === 0 || below(3) === 0)
    return Buffer.from(Array.from({ length: below(200) }, () => below(256)));
  const bytes = Buffer.from(sound[below(sound.length)] ?? []);
  for (let i = 0; i <= below(4); i += 1) bytes[below(bytes.length)] = below(256);
  return below(4) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
}
