// A node with generals of its own: OM(m) in plain JavaScript, over nothing but the wire contract. It shares no line with the services.
// docs/own-general.md tells the protocol step by step; the numbers below are those of its steps.
//
//   node examples/own-general/general.js     the space is at 127.0.0.1:7000, or at BYZANTINE_GENERAL_NODE_TUPLESPACE
//   byz general check -- node examples/own-general/general.js
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { credentials, loadPackageDefinition, Metadata, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { LoyalGeneral } from './om.js';

const address = process.env.BYZANTINE_GENERAL_NODE_TUPLESPACE || '127.0.0.1:7000';
const node = process.env.BYZANTINE_GENERAL_NODE_NODE_ID || `own-${process.pid}`;
// The generals that it brings, separated by commas; none: any.
const brings = (process.env.BYZANTINE_GENERAL_NODE_GENERALS || '').split(',').filter((id) => id !== '');
const leaseMs = 3_000;
const seatsMax = 100;
// Of this process: seats are given to it, not to another one under the same id.
const incarnation = randomUUID();

const contract = loadSync('byzantine/v1/tuplespace.proto', {
  includeDirs: [join(import.meta.dirname, '../../proto')],
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { TupleSpace } = loadPackageDefinition(contract).byzantine.v1;
const service = new TupleSpace(address, credentials.createInsecure());

// Values on the wire: integers are BigInt here, so that 1 and 1.0 stay apart.
const encode = (value) => {
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'bigint') return { int64: String(value) };
  return { list: { values: value.map(encode) } };
};
const decode = (value) => {
  if (value.kind === 'int64') return BigInt(value.int64);
  if (value.kind === 'list') return value.list.values.map(decode);
  return value.kind === 'null' ? null : value[value.kind];
};
const tuple = (...values) => ({ values: values.map(encode) });
const any = Symbol('any');
const template = (...fields) => ({
  fields: fields.map((field) => (field === any ? { any: {} } : { exact: encode(field) })),
});

const bearer = (token) => {
  const metadata = new Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
};
const call = (method, request, token) =>
  new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + 10_000 };
    service[method](request, bearer(token), options, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
const watch = (space, templates, token) =>
  service.watch({ space, templates, from: { revision: '0' } }, bearer(token));

// Tuples as they come: those that stood in the space when the watch began, then each that is written. `isPast` tells them apart.
async function* written(stream) {
  for await (const frame of stream) {
    if (frame.kind === 'snapshot') {
      for (const one of frame.snapshot.tuples) yield read(one, true);
      if (frame.snapshot.isLast) yield { isCaughtUp: true, values: [] };
    } else if (frame.kind === 'events') {
      for (const { kind, tuple: one } of frame.events.events) {
        if (kind === 'EVENT_KIND_WRITTEN') yield read(one, false);
      }
    }
  }
}
const read = ({ values, writer }, isPast) => ({ values: values.map(decode), writer, isPast });

// 1 to 3: enrol, keep a lease, and say that this node is there.
async function enrol() {
  const secret = process.env.BYZANTINE_SECRET || '';
  const { token } = await call('enrol', { kind: 'CALLER_KIND_NODE', id: node, secret });
  const { leaseId } = await call('lease', { space: 'control', ttlMs: leaseMs }, token);
  setInterval(
    () => void call('lease', { space: 'control', leaseId, ttlMs: leaseMs }, token).catch(fail),
    leaseMs / 3,
  );
  const numbers = [seatsMax, leaseMs, Date.now()].map(BigInt);
  const self = tuple('node', node, incarnation, '', brings, ...numbers);
  // A node of this name that was here a moment ago may have left its tuple behind.
  const standing = template('node', node, ...new Array(6).fill(any));
  await call('take', { space: 'control', templates: [standing] }, token);
  await call('write', { space: 'control', tuples: [self], leaseId }, token);
  return token;
}

// 5 to 9: one general in one round.
async function takePart(round, self, token) {
  const space = `round-${round}`;
  const mail = [
    template('proposal', any, self, any, any),
    template('vote', any, self, any, any, any),
    template('close', any),
  ];
  const own = [template('proposal', self, any, any, any), template('vote', self, any, any, any, any)];
  const first = [
    template('round', any, any, any, any, any, any, any, any),
    template('brief', self, any, any),
  ];
  const stream = watch(space, [...first, ...mail, ...own], token);
  let general;
  let setting;
  const said = new Set();
  const past = [];

  const send = async (messages) => {
    // 8: what stands in a slot was said before this start, and nothing else is ever said there.
    const fresh = messages.filter(({ phase, to }) => !said.has(`${phase} ${to}`));
    if (fresh.length > 0)
      await call('write', { space, tuples: fresh.map((one) => messageTuple(self, one)) }, token);
  };
  const act = async ({ messages, decision }) => {
    if (messages) await send(messages);
    if (decision) await call('write', { space, tuples: [tuple('decision', self, decision)] }, token);
    return decision !== undefined;
  };

  for await (const { values, writer, isPast, isCaughtUp } of written(stream)) {
    const [kind] = values;
    if (isCaughtUp) {
      if (!setting) throw new Error(`${space} has no round tuple`);
      for (const step of [() => general.start(), ...past]) {
        for (const output of step()) if (await act(output)) return stream.cancel();
      }
    } else if (kind === 'round' && writer === 'orchestrator') {
      const [, , protocol, version, mode, generals, commander, m] = values;
      // 6: a round of another protocol, or of another version of it, is not for this program.
      const isKnown = protocol === 'om' && version === 1n && mode === 'mailbox' && commander !== null;
      if (!isKnown) return stream.cancel();
      setting = { generals, commander, m: Number(m), self };
    } else if (kind === 'brief' && writer === 'orchestrator') {
      general = new LoyalGeneral(setting, values[2]);
    } else if (writer === self) {
      said.add(`${values[4]} ${values[2]}`);
    } else {
      const step = () => (kind === 'close' ? closeOf(values, writer) : messageOf(values, writer));
      if (isPast) past.push(step);
      else for (const output of step()) if (await act(output)) return stream.cancel();
    }
  }

  function closeOf([, phase], writer) {
    return writer === 'orchestrator' ? general.close(Number(phase)) : [];
  }
  // 7: the writer that the space stamped is the sender, whatever the tuple says.
  function messageOf([kind, from, , vote, phase, path], writer) {
    if (from !== writer || typeof phase !== 'bigint') return [];
    const isList = kind === 'vote' && Array.isArray(vote);
    const [votes, paths] = isList ? [vote, path] : [[vote], [kind === 'proposal' ? [from] : path]];
    if (!Array.isArray(paths) || paths.length !== votes.length) return general.hear(Number(phase), from, []);
    return general.hear(
      Number(phase),
      from,
      votes.map((one, i) => ({ vote: one, path: paths[i] })),
    );
  }
}

// 8: a proposal in phase 0; one value as it is, several as two lists.
function messageTuple(self, { phase, to, entries }) {
  if (phase === 0) return tuple('proposal', self, to, entries[0].vote, 0n);
  const [votes, paths] = [entries.map(({ vote }) => vote), entries.map(({ path }) => path)];
  return entries.length === 1
    ? tuple('vote', self, to, votes[0], BigInt(phase), paths[0])
    : tuple('vote', self, to, votes, BigInt(phase), paths);
}

// A seat or a round that is gone is no reason to end; a space that is away is.
function giveUp(error) {
  if (error.code === status.UNAVAILABLE) fail(error);
  console.error(String(error));
}

// Whoever started this program starts it again; it then catches up from the space.
function fail(error) {
  console.error(String(error));
  process.exit(1);
}

const token = await enrol().catch(fail);
// 4: follow the seats that the orchestrator gives this node.
for await (const { values, writer } of written(
  watch('control', [template('assignment', node, incarnation, any, any, any, any)], token),
)) {
  const [kind, , , round, self, , seatToken] = values;
  if (kind === 'assignment' && writer === 'orchestrator') takePart(round, self, seatToken).catch(giveUp);
}
