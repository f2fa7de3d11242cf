/**
 * Nodes and orchestrators that go away while rounds run, over real connections: what moves, what is refused, what is counted.
 */
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { summary } from '../consensus/index.js';
import { endTemplates, keyTemplate, verifySignature } from '../general-node/index.js';
import { replayTrace, traceOf } from '../record/index.js';
import { createMetrics, createTracer } from '../runtime/index.js';
import { until } from '../runtime/testing/conditions.js';
import { any, template } from '../tuplespace/index.js';
import { OrchestratorMetrics } from './metrics.js';
import type { Orchestrator, Round, RoundRequest } from './orchestrator.js';
import { ended, type FailingSystem, startFailingSystem } from './testing/failing-system.js';
import { traceEvent } from './trace.js';

let system: FailingSystem;

beforeEach(async () => {
  system = await startFailingSystem();
});

afterEach(() => system.stop());

/** A silent traitor keeps it waiting for a phase, which is when things go wrong. */
const waiting: RoundRequest = {
  generalCount: 4,
  traitors: [{ general: 'general-1', strategy: 'silent' }],
  phaseMs: 1_200,
  seed: 1,
};

/** All on the first node, and another one ready; neither has a list. */
async function startOnFirstNode(request: RoundRequest = waiting, metrics?: OrchestratorMetrics) {
  await system.startNode({ node: 'first' });
  const counted = metrics === undefined ? {} : { metrics };
  const orchestrator = await system.startOrchestrator('one', counted);
  const round = await orchestrator.startRound(request);
  await system.startNode({ node: 'second' });
  return { orchestrator, round };
}

async function moved(orchestrator: Orchestrator, { number }: Round): Promise<Round> {
  await until('the seats have moved', async () => {
    const { seats } = await orchestrator.getRound({ number });
    return seats.every(({ epoch }) => epoch > 1);
  });
  return orchestrator.getRound({ number });
}

function isHeld({ verdict }: Round): boolean {
  return verdict !== undefined && summary(verdict) === 'held' && verdict.lost.length === 0;
}

async function count(space: string, templates: Parameters<typeof system.space.read>[0]['templates']) {
  return (await system.space.read({ space, templates, countOnly: true })).count;
}

describe('a node that crashes', () => {
  test('loses its seats to another one, with the next epoch, and the round misses nobody', async () => {
    const metrics = await createMetrics();
    const { orchestrator, round } = await startOnFirstNode(waiting, new OrchestratorMetrics(metrics));
    system.crash('first');
    const { seats } = await moved(orchestrator, round);
    expect(seats.map(({ node, epoch }) => [node, epoch])).toEqual(new Array(4).fill(['second', 2]));
    const over = await ended(orchestrator, round.number);
    expect(isHeld(over)).toBe(true);
    expect([...over.decisions.values()]).toEqual(['Attack', 'Attack', 'Attack']);
    const said = await metrics.text();
    expect(said).toContain('byz_general_failovers_total{reason="gone"} 4');
    expect(said).toContain('byz_general_failover_duration_seconds_count 4');
    expect(said).toMatch(/byz_general_time_seconds_total\{activity="waiting",phase="1"\} [1-9]/);
    expect(said).not.toContain('phase="2"');
  });

  test('its seats are told of as moved in the record, and its start as it was', async () => {
    const { orchestrator, round } = await startOnFirstNode();
    system.crash('first');
    const kinds: string[] = [];
    for await (const event of orchestrator.watchRound({ number: round.number })) {
      if (event.kind === 'started')
        expect(event.round.seats.map(({ node }) => node)).toEqual(new Array(4).fill('first'));
      if (event.kind === 'moved') kinds.push(`${event.seat.general} ${event.seat.node} ${event.seat.epoch}`);
    }
    expect(kinds.sort()).toEqual([0, 1, 2, 3].map((i) => `general-${i} second 2`));
  });

  test('what an old epoch writes afterwards is refused and counted, and no slot has two values', async () => {
    const { orchestrator, round } = await startOnFirstNode();
    const zombie = await system.asGeneral(round.number, 'general-2');
    system.crash('first');
    await moved(orchestrator, round);
    const { space } = round;
    const second = ['vote', 'general-2', 'general-3', 'Retreat', 1n, ['general-0', 'general-2']] as const;
    const write = zombie.write({ space, tuples: [second] });
    await expect(write).rejects.toMatchObject({ code: 'failed_precondition', details: { epoch: '2' } });
    const { entries } = await system.space.readAudit({ space });
    expect(entries.map(({ callerId, callerEpoch, rule }) => [callerId, callerEpoch, rule])).toEqual([
      ['general-2', 1, 'epoch'],
    ]);
    const over = await ended(orchestrator, round.number);
    expect(isHeld(over)).toBe(true);
    expect(over.ignored).toEqual([]);
    const votes = [template('vote', 'general-2', 'general-3', any, any, any)];
    expect(await count(space, votes)).toBe(1);
  });

  test.each([
    ['nobody else', []],
    ['another one that comes in time', [{ node: 'spare', generals: ['general-2'] }]],
  ])('leaves its seats to %s', async (_, spares) => {
    await system.startNode({ node: 'three', generals: ['general-0', 'general-1', 'general-3'] });
    await system.startNode({ node: 'last', generals: ['general-2'] });
    const orchestrator = await system.startOrchestrator('one');
    const round = await orchestrator.startRound(waiting);
    system.crash('last');
    await until('it is gone', async () => {
      const nodes = await orchestrator.listNodes();
      return nodes.some(({ node, state }) => node === 'last' && state === 'gone');
    });
    for (const spare of spares) await system.startNode(spare);
    const over = await ended(orchestrator, round.number);
    const seat = over.seats.find(({ general }) => general === 'general-2');
    const at = spares.length === 0 ? { node: 'last', epoch: 1 } : { node: 'spare', epoch: 2 };
    expect(seat).toMatchObject(at);
    expect(over.verdict?.lost).toEqual(spares.length === 0 ? ['general-2'] : []);
  });

  test('is listed as gone with the seats that nobody has taken, and what they cost', async () => {
    await system.startNode({ node: 'first' });
    const orchestrator = await system.startOrchestrator('one');
    const { number } = await orchestrator.startRound(waiting);
    const [before] = await orchestrator.listNodes();
    expect(before).toMatchObject({ node: 'first', state: 'live', seatsMax: 100 });
    expect(before?.losses).toEqual([{ round: number, generalCount: 4, faultCount: 4, faultsMax: 1 }]);
    system.crash('first');
    await until('it is gone', async () => (await orchestrator.listNodes())[0]?.state === 'gone');
    const [gone] = await orchestrator.listNodes();
    expect(gone?.seats).toHaveLength(4);
    expect(gone?.lastSeenMs).toBeGreaterThan(0);
  });

  test('in signed mode a moved seat signs with a key of its own, and nobody loyal is convicted', async () => {
    const { orchestrator, round } = await startOnFirstNode({
      ...waiting,
      protocol: 'sm',
      traitors: [{ general: 'general-1', strategy: 'silent' }],
    });
    system.crash('first');
    await moved(orchestrator, round);
    const over = await ended(orchestrator, round.number);
    expect(isHeld(over)).toBe(true);
    expect(await count(round.space, [keyTemplate])).toBe(8);
    const evidence = await orchestrator.getEvidence({ number: round.number });
    expect(evidence).toMatchObject({ proven: [], attested: [] });
    const events = [];
    for await (const event of orchestrator.watchRound({ number: round.number }))
      events.push(traceEvent(round.number, event));
    const trace = traceOf(events);
    expect(trace && replayTrace(trace, verifySignature)).toMatchObject({
      mismatches: [],
      unproved: undefined,
    });
  });
});

test('a node that is told to stop hands its seats over first', async () => {
  await system.startNode({ node: 'first', drainMs: 3_000 });
  const orchestrator = await system.startOrchestrator('one');
  const round = await orchestrator.startRound(waiting);
  await system.startNode({ node: 'second' });
  const leaving = system.end('first');
  await until('it says so', async () => {
    const nodes = await orchestrator.listNodes();
    return nodes.some(({ node, state }) => node === 'first' && state !== 'live');
  });
  await leaving;
  const { seats } = await orchestrator.getRound({ number: round.number });
  expect(seats.map(({ node }) => node)).toEqual(new Array(4).fill('second'));
  expect(isHeld(await ended(orchestrator, round.number))).toBe(true);
});

describe('an orchestrator that crashes', () => {
  test('leaves its rounds to another one, which ends them: one verdict, one close of each phase', async () => {
    await system.startNode({ node: 'first' });
    const one = await system.startOrchestrator('one');
    const two = await system.startOrchestrator('two');
    const { number, space } = await one.startRound(waiting);
    system.crash('one');
    const over = await ended(two, number);
    expect(isHeld(over)).toBe(true);
    expect(await count(space, endTemplates)).toBe(1);
    expect(await count(space, [template('close', any)])).toBe(3);
    await until('its seats are withdrawn', async () =>
      (await two.listNodes()).every(({ seats }) => seats.length === 0),
    );
  });

  test('leaves its trace too: the other one goes on below it', async () => {
    const exporter = new InMemorySpanExporter();
    const tracer = await createTracer({ service: 'two', version: 'test', exporter });
    const lost = new InMemorySpanExporter();
    const dead = await createTracer({ service: 'one', version: 'test', exporter: lost });
    await system.startNode({ node: 'first' });
    const one = await system.startOrchestrator('one', { tracer: dead });
    const two = await system.startOrchestrator('two', { tracer });
    const { number } = await one.startRound(waiting);
    system.crash('one');
    await ended(two, number);
    await until('its span is over', async () => {
      await tracer.flush();
      return exporter.getFinishedSpans().length > 0;
    });
    const [span, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span?.name).toBe('round');
    expect(span?.attributes).toMatchObject({ 'byzantine.round': number, 'byzantine.taken_over': true });
    // What the dead one began is what it is a part of, though nobody may ever send that.
    await system.end('one');
    await dead.flush();
    const [began] = lost.getFinishedSpans();
    expect(span?.parentSpanContext).toMatchObject({
      traceId: began?.spanContext().traceId,
      spanId: began?.spanContext().spanId,
    });
    await Promise.all([tracer.stop(), dead.stop()]);
  });

  test('and a node with it: the other one moves the seats too', async () => {
    const { round } = await startOnFirstNode();
    const two = await system.startOrchestrator('two');
    system.crash('one');
    system.crash('first');
    const over = await ended(two, round.number);
    expect(isHeld(over)).toBe(true);
    expect(over.seats.every(({ node, epoch }) => node === 'second' && epoch === 2)).toBe(true);
  });
});

describe('too few nodes', () => {
  test('a round waits for them, and runs when they have come', async () => {
    const orchestrator = await system.startOrchestrator('one', { placementWaitMs: 20_000 });
    const starting = orchestrator.startRound({ generalCount: 4 });
    await system.startNode({ node: 'small', seatsMax: 3 });
    await system.startNode({ node: 'other', seatsMax: 1 });
    const { number, seats } = await starting;
    expect(seats.filter(({ node }) => node === 'small')).toHaveLength(3);
    expect(isHeld(await ended(orchestrator, number))).toBe(true);
  });

  test('after its time it fails, and says how many generals have no node', async () => {
    await system.startNode({ node: 'small', seatsMax: 3 });
    const orchestrator = await system.startOrchestrator('one', { placementWaitMs: 50 });
    await expect(orchestrator.startRound({ generalCount: 4 })).rejects.toMatchObject({
      code: 'unavailable',
      message: '1 of 4 generals have no node: general-3; enrolled: small (any general; up to 3 seats)',
    });
    await system.startNode({ node: 'other', seatsMax: 1 });
    await orchestrator.startRound({ generalCount: 4 });
  });
});

test('a seat that a node gives back goes to another one, and its neighbours stay', async () => {
  const { orchestrator, round } = await startOnFirstNode();
  const { number } = round;
  await system.giveBack({ node: 'first', round: number, general: 'general-3', epoch: 1 });
  await until('it has moved', async () => {
    const { seats } = await orchestrator.getRound({ number });
    return seats.some(({ general, node }) => general === 'general-3' && node === 'second');
  });
  // There is no third node: what the second cannot hold either is lost.
  await system.giveBack({ node: 'second', round: number, general: 'general-3', epoch: 2 });
  const over = await ended(orchestrator, number);
  expect(over.seats.map(({ node, epoch }) => [node, epoch])).toEqual([
    ...new Array(3).fill(['first', 1]),
    ['second', 2],
  ]);
});
