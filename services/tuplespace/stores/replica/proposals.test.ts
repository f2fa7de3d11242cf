import { ServiceError } from '../../../runtime/index.js';
import type { Outcome } from './applier.js';
import { type Command, decodeBatch } from './command.js';
import { Proposals, type Sent } from './proposals.js';

const lost = new ServiceError('unavailable', 'lost');

function write(text: string): Command {
  return { kind: 'write', tokenHash: undefined, request: { space: 'default', tuples: [[text]] } };
}

function textsOf({ body }: Sent): unknown[] {
  return decodeBatch(body).commands.map((command) =>
    command.kind === 'write' ? command.request.tuples[0]?.[0] : undefined,
  );
}

it('what was taken back does not go out, what went out cannot be taken back', () => {
  const proposals = new Proposals('a');
  const takeBacks = ['x', 'y'].map((text) => proposals.add(write(text), () => {}));
  expect(takeBacks[0]?.()).toBe(true);
  expect(textsOf(proposals.next())).toEqual(['y']);
  expect(takeBacks[1]?.()).toBe(false);
});

it('a batch has a thousand commands or a megabyte at most, and one command all the same', () => {
  const proposals = new Proposals('a');
  for (let i = 0; i < 1_001; i++) proposals.add(write(String(i)), () => {});
  expect(textsOf(proposals.next())).toHaveLength(1_000);
  expect(textsOf(proposals.next())).toEqual(['1000']);
  const big = 'x'.repeat(700_000);
  for (let i = 0; i < 2; i++) proposals.add(write(big), () => {});
  proposals.add(write('x'.repeat(2_000_000)), () => {});
  for (const length of [700_000, 700_000, 2_000_000]) {
    expect(textsOf(proposals.next()).map((text) => String(text).length)).toEqual([length]);
  }
  expect(proposals.queuedCount).toBe(0);
});

it('each proposal is concluded once: by its own outcome, or by the loss of what has none', () => {
  const proposals = new Proposals('a');
  const seen: [string, Outcome][] = [];
  for (const text of ['x', 'y', 'z']) proposals.add(write(text), (outcome) => seen.push([text, outcome]));
  const { number } = proposals.next();
  proposals.outcome({ replica: 'another', number }, 0, { answer: 'not ours' });
  proposals.outcome({ replica: 'a', number }, 1, { answer: 'ours' });
  proposals.outcome({ replica: 'a', number }, 1, { answer: 'twice' });
  expect(proposals.settle(number)).toBe(false);
  proposals.fail(lost);
  expect(seen).toEqual([
    ['y', { answer: 'ours' }],
    ['x', { error: lost }],
    ['z', { error: lost }],
  ]);
  expect(proposals.settle(number)).toBe(true);
});

it('of several batches on their way each has its own outcomes, and its own error', () => {
  const proposals = new Proposals('a');
  const seen: [string, Outcome][] = [];
  const [first, second] = ['x', 'y'].map((text) => {
    proposals.add(write(text), (outcome) => seen.push([text, outcome]));
    return proposals.next();
  }) as [Sent, Sent];
  expect(proposals.sentCount).toBe(2);
  expect(proposals.settle(first.number, lost)).toBe(true);
  proposals.outcome({ replica: 'a', number: first.number }, 0, { answer: 'too late' });
  proposals.outcome({ replica: 'a', number: second.number }, 0, { answer: 'ours' });
  expect(proposals.settle(second.number)).toBe(true);
  expect(seen).toEqual([
    ['x', { error: lost }],
    ['y', { answer: 'ours' }],
  ]);
  expect(proposals.sentCount).toBe(0);
});
