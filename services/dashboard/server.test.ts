/**
 * The server of the dashboard, asked as a page, a program or somebody's malicious page would ask it.
 */
import { parseTrace, type Trace } from '../record/index.js';
import { type Served, serve, withKey } from './testing/served.js';
import type { RoundFacts, SystemLine } from './wire.js';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.stop());

const start = (body: unknown, headers: Readonly<Record<string, string>> = withKey) =>
  served.ask({ method: 'POST', path: '/api/rounds', headers, body: JSON.stringify(body) });

async function startedRound(body: unknown = {}): Promise<RoundFacts> {
  const { status, body: text } = await start(body);
  expect(status).toBe(200);
  return JSON.parse(text) as RoundFacts;
}

function traceIn(body: string): Trace {
  const parsed = parseTrace(body);
  if (parsed.kind !== 'trace') throw new Error(JSON.stringify(parsed));
  return parsed.trace;
}

describe('a round', () => {
  test('is started, and its record is what byz replay reads', async () => {
    const { number } = await startedRound({ generalCount: 4, faultCount: 1, seed: 7 });
    const { status, headers, body } = await served.ask({ path: `/api/rounds/${number}/trace.jsonl` });
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'application/x-ndjson; charset=utf-8',
    });
    const parsed = parseTrace(body);
    expect(parsed).toMatchObject({ kind: 'trace', trace: { started: { round: number, seed: 7 } } });
    expect(body.trimEnd().split('\n').at(-1)).toContain('"kind":"ended"');
  });

  test('is started and followed by one request, from its first event on, and says where its record is', async () => {
    const body = JSON.stringify({ generalCount: 4, faultCount: 1, seed: 9 });
    const path = '/api/rounds/trace.jsonl';
    const begun = await served.ask({ method: 'POST', path, headers: withKey, body });
    const { started } = traceIn(begun.body);
    expect({ status: begun.status, location: begun.headers['location'], seed: started.seed }).toEqual({
      status: 201,
      location: `/api/rounds/${started.round}/trace.jsonl`,
      seed: 9,
    });
    expect(begun.body).toBe((await served.ask({ path: `/api/rounds/${started.round}/trace.jsonl` })).body);
  });

  test('that cannot be started so is refused as it is otherwise, with nothing of a stream', async () => {
    const post = {
      method: 'POST',
      path: '/api/rounds/trace.jsonl',
      body: '{"generalCount":3,"faultCount":1}',
    };
    const { status, headers, body } = await served.ask({ ...post, headers: withKey });
    expect({ status, location: headers['location'], code: JSON.parse(body).code }).toEqual({
      status: 409,
      location: undefined,
      code: 'failed_precondition',
    });
    expect((await served.ask(post)).status).toBe(401);
  });

  test('is followed again from where the reader was, with no event twice and none missing', async () => {
    const { number } = await startedRound({ seed: 8 });
    const path = `/api/rounds/${number}/trace.jsonl`;
    const whole = (await served.ask({ path })).body.trimEnd().split('\n');
    const seen = whole[4] ?? '';
    const { incarnation, revision } = JSON.parse(seen) as { incarnation: string; revision: string };
    const rest = (await served.ask({ path: `${path}?from=${incarnation}:${revision}` })).body.trimEnd();
    const after = whole.filter((line) => BigInt(JSON.parse(line).revision) > BigInt(revision));
    expect(rest.split('\n')).toEqual(after);
    expect(after.length).toBeGreaterThan(0);
  });

  test('from another life of the store is gone', async () => {
    const { number } = await startedRound();
    const { status } = await served.ask({ path: `/api/rounds/${number}/trace.jsonl?from=elsewhere:3` });
    expect(status).toBe(410);
  });

  test('that is unknown is not found, and nothing of a stream is sent', async () => {
    const { status, body } = await served.ask({ path: '/api/rounds/999/trace.jsonl' });
    expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('has evidence, with its bytes as text', async () => {
    const request = { protocol: 'sm', traitors: [{ general: 'general-0', strategy: 'two-faced' }], seed: 3 };
    const { number } = await startedRound(request);
    await served.system.finished(number);
    const { body } = await served.ask({ path: `/api/rounds/${number}/evidence` });
    const [proof] = (JSON.parse(body) as { proven: { signer: string; publicKey: string }[] }).proven;
    expect(proof).toMatchObject({ signer: 'general-0', publicKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('that runs can be cancelled', async () => {
    const silent = { traitors: [{ general: 'general-0', strategy: 'silent' }], phaseMs: 600_000 };
    const { number } = await startedRound(silent);
    const path = `/api/rounds/${number}/cancel`;
    const { status } = await served.ask({ method: 'POST', path, headers: withKey, body: '{}' });
    expect(status).toBe(200);
    expect((await served.system.orchestrator.getRound({ number })).status).toBe('cancelled');
  });

  test.each([
    ['a field that there is not', { generals: 4 }, 400],
    ['a number that is none', { generalCount: '4' }, 400],
    ['an unknown protocol', { protocol: 'paxos' }, 400],
    ['outside the bound, unasked', { generalCount: 3, faultCount: 1 }, 409],
    ['too large', { generalCount: 13, faultCount: 4 }, 429],
  ])('with %s is refused, with the reason', async (_what, request, status) => {
    const answer = await start(request);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).message).not.toBe('');
  });

  test('whose request is no JSON, or endless, is refused', async () => {
    const post = { method: 'POST', path: '/api/rounds', headers: withKey };
    expect((await served.ask({ ...post, body: '{' })).status).toBe(400);
    expect((await served.ask({ ...post, body: ' '.repeat(1_100_000) })).status).toBe(429);
  });
});

describe('the stream of the system', () => {
  const linesIn = (text: string): readonly SystemLine[] =>
    text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SystemLine);

  test('tells of the nodes and of a round as soon as there is one', async () => {
    const { number } = await startedRound();
    const hasRound = (text: string): boolean =>
      linesIn(text).some((line) => line.kind === 'rounds' && line.rounds[0]?.number === number);
    const { body } = await served.ask({ path: '/api/system', isEnough: hasRound });
    const nodes = linesIn(body).find((line) => line.kind === 'nodes')?.nodes ?? [];
    expect(nodes.map(({ node, state }) => `${node} ${state}`)).toEqual([
      'node-1 live',
      'node-2 live',
      'node-3 live',
      'node-4 live',
    ]);
  });

  test('tells when a round is over', async () => {
    const { number } = await startedRound();
    const isOver = (text: string): boolean =>
      linesIn(text).some(
        (line) =>
          line.kind === 'rounds' &&
          line.rounds.some((round) => round.number === number && round.status === 'finished'),
      );
    const { body } = await served.ask({ path: '/api/system', isEnough: isOver });
    const last = linesIn(body).findLast((line) => line.kind === 'rounds')?.rounds ?? [];
    expect(last[0]).toMatchObject({ number, verdict: { agreement: { status: 'holds' } } });
  });
});

describe('a fault of a node', () => {
  const fault = (node: string, body: unknown, headers: Readonly<Record<string, string>> = withKey) =>
    served.ask({ method: 'POST', path: `/api/nodes/${node}/fault`, headers, body: JSON.stringify(body) });

  test('is asked of the node, whose reason not to comes back', async () => {
    const { status, body } = await fault('node-1', { kind: 'crash' });
    expect({ status, code: JSON.parse(body).code }).toEqual({ status: 409, code: 'failed_precondition' });
  });

  test('of no node is not found, of no kind refused, and none is done without the key', async () => {
    expect((await fault('node-9', { kind: 'crash' })).status).toBe(404);
    expect((await fault('node-1', { kind: 'explode' })).status).toBe(400);
    expect((await fault('node-1', { kind: 'crash' }, {})).status).toBe(401);
  });
});

describe('who asks', () => {
  const statusOf = async (headers: Readonly<Record<string, string>>, path = '/api/system') =>
    (await served.ask({ path, headers, isEnough: () => true })).status;

  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST:80', 'generals.example'])(
    'by the name %s is served',
    async (host) => {
      expect(await statusOf({ host })).toBe(200);
    },
  );

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:7180', '169.254.169.254'])(
    'by the name "%s" is refused: a name that is rebound to this machine',
    async (host) => {
      expect(await statusOf({ host })).toBe(403);
      expect(await statusOf({ host }, '/')).toBe(403);
    },
  );

  test.each(['http://evil.example', 'null', 'http://localhost:1', 'http://127.0.0.1.evil.example'])(
    'from the origin %s is refused',
    async (origin) => {
      expect(await statusOf({ origin })).toBe(403);
      expect((await start({}, { ...withKey, origin })).status).toBe(403);
    },
  );

  test('from the page itself is served', async () => {
    const origin = `http://${served.address}`;
    expect((await start({}, { ...withKey, origin, host: served.address })).status).toBe(200);
  });

  test.each(['cross-site', 'same-site'])(
    'because another page had it asked (%s) is refused',
    async (site) => {
      expect(await statusOf({ 'sec-fetch-site': site })).toBe(403);
    },
  );

  test('by a link on another page gets the page', async () => {
    expect(await statusOf({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, '/')).toBe(200);
  });

  test.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer guessed' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic dGVzdA==' }],
  ])('with %s may look and not change', async (_what, headers) => {
    const before = await served.system.orchestrator.listRounds({ limit: 1 });
    expect((await start({}, headers)).status).toBe(401);
    const cancel = { method: 'POST', path: '/api/rounds/1/cancel', headers, body: '{}' };
    expect((await served.ask(cancel)).status).toBe(401);
    expect(await served.system.orchestrator.listRounds({ limit: 1 })).toEqual(before);
    expect(await statusOf(headers)).toBe(200);
  });
});

test('without a key of its own nobody may change anything, whatever key is shown', async () => {
  const readOnly = await serve({ isReadOnly: true });
  try {
    const post = { method: 'POST', path: '/api/rounds', body: '{}' };
    expect((await readOnly.ask({ ...post, headers: withKey })).status).toBe(403);
    expect((await readOnly.ask({ ...post, headers: { authorization: 'Bearer undefined' } })).status).toBe(
      403,
    );
    const { body } = await readOnly.ask({ path: '/api/system', isEnough: (text) => text.includes('\n') });
    expect(JSON.parse(body.split('\n')[0] ?? '')).toMatchObject({ about: { isWritable: false } });
  } finally {
    await readOnly.stop();
  }
});

describe('what is answered', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/package.json',
    '/secret.txt',
    '//etc/passwd',
    '/index.html/../secret.txt',
    '/constructor',
    '/api/rounds/__proto__/evidence',
  ])('to %s is that there is nothing', async (path) => {
    const { status, body } = await served.ask({ path });
    expect(status).toBe(404);
    expect(body).not.toContain('not for the page');
  });

  test.each(['PUT', 'DELETE', 'OPTIONS'])(
    'to the method %s is that there is nothing, even with the key',
    async (method) => {
      expect((await served.ask({ method, path: '/api/rounds', headers: withKey })).status).toBe(404);
    },
  );

  test.each(['/', '/api/system', '/nowhere'])(
    'at %s lets nothing run, frame or be fetched but the page',
    async (path) => {
      const { headers } = await served.ask({ path, isEnough: () => true });
      const policy = String(headers['content-security-policy']);
      for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ]) {
        expect(policy).toContain(rule);
      }
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );
});

test('a port that is taken is named', async () => {
  const { startDashboard } = await import('./start.js');
  const { silentLog, systemClock } = await import('../runtime/index.js');
  const { orchestrator } = served.system;
  const about = { version: '', place: '', hasFaults: false, defaults: {} as never };
  const options = { orchestrator, hosts: [], key: undefined, about, clock: systemClock, log: silentLog };
  const start = startDashboard({ ...options, address: served.address, pageFolder: `${__dirname}/page` });
  await expect(start).rejects.toMatchObject({
    code: 'failed_precondition',
    message: expect.stringContaining(served.address),
  });
});
