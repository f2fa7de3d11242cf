import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { loadContract, protobuf, ServiceError } from '../../runtime/index.js';
import { readCall } from './calls.js';
import { methodNames } from './contract.js';
import {
  decodeWatched,
  encodeWatched,
  type PipeAnswer,
  type PipeCall,
  pipeAnswersCodec,
  pipeCallsCodec,
} from './pipe.js';

const { definitions, methods } = loadContract({
  file: 'byzantine/v1/tuplespace.proto',
  service: 'byzantine.v1.TupleSpace',
});
const { decodeMessage, encodeMessage } = protobuf;

function typeNamed(name: string): MessageTypeDefinition<object, object> {
  return definitions[`byzantine.v1.${name}`] as MessageTypeDefinition<object, object>;
}

const read = encodeMessage(readCall.request, { space: 'camp', templates: [] });
const answer = { tuples: [], count: 3, isSatisfied: true, revision: 9n };

test('calls are written as proto-loader writes them, and read back', () => {
  const calls: PipeCall[] = [
    { tag: 1, kind: 'read', bytes: read, token: '', trace: '' },
    { tag: 300, kind: 'cancel', bytes: Buffer.alloc(0), token: '', trace: '' },
    { tag: 2, kind: 'getInfo', bytes: Buffer.alloc(0), token: 'secret', trace: '' },
    { tag: 3, kind: 'watched', bytes: encodeWatched(16), token: '', trace: '' },
  ];
  const bytes = encodeMessage(pipeCallsCodec, calls);
  const theirs = {
    calls: [
      { tag: 1, read: { space: 'camp' } },
      { tag: 300, cancel: {} },
      { tag: 2, getInfo: {}, token: 'secret' },
      { tag: 3, watched: { count: 16 } },
    ],
  };
  expect(bytes).toEqual(typeNamed('PipeCalls').serialize(theirs));
  expect(decodeMessage(pipeCallsCodec, bytes)).toEqual(calls);
  expect(decodeWatched(encodeWatched(16))).toBe(16);
});

test('answers are written as proto-loader writes them, and read back', () => {
  const error = new ServiceError('not_found', 'no space «camp»', { details: { space: 'camp' } });
  const answers: PipeAnswer[] = [
    { tag: 1, kind: 'read', bytes: encodeMessage(readCall.answer, answer) },
    { tag: 2, kind: 'error', error },
  ];
  const bytes = encodeMessage(pipeAnswersCodec, answers);
  const theirs = [
    { tag: 1, read: { count: 3, isSatisfied: true, revision: '9' } },
    { tag: 2, error: { code: 5, message: 'no space «camp»', details: { space: 'camp' } } },
  ];
  expect(bytes).toEqual(typeNamed('PipeAnswers').serialize({ answers: theirs }));
  expect(decodeMessage(pipeAnswersCodec, bytes)).toEqual(answers);
});

test('a call of no kind, of two kinds or of an unknown kind has none, and the others stand', () => {
  const both = typeNamed('PipeCall').serialize({ tag: 1, read: {} });
  const alsoTake = Buffer.concat([both, typeNamed('PipeCall').serialize({ take: {} })]);
  const message = Buffer.concat([
    Buffer.from([10, alsoTake.length]),
    alsoTake,
    typeNamed('PipeCalls').serialize({ calls: [{ tag: 2 }, { tag: 3, write: {} }] }),
    Buffer.from([10, 6, 8, 4, 0xa2, 1, 1, 0]),
  ]);
  const kinds = decodeMessage(pipeCallsCodec, message).map(({ tag, kind }) => [tag, kind]);
  expect(kinds).toEqual([
    [1, 'none'],
    [2, 'none'],
    [3, 'write'],
    [4, 'none'],
  ]);
});

test('every method of the proto has a name here', () => {
  expect(Object.keys(methods).sort()).toEqual([...methodNames].sort());
});
