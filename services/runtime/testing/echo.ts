/**
 * A small service for the tests of the gRPC plumbing: one method of each direction, its handlers given by the test.
 */
import { fromJSON, type MethodDefinition } from '@grpc/proto-loader';
import type { Contract, GrpcHandler, GrpcHandlers, ServiceMount } from '../index.js';

export interface Text {
  readonly text: string;
}

type EchoMethod = MethodDefinition<Text, Text>;

export interface EchoMethods {
  readonly [name: string]: EchoMethod;
  readonly Say: EchoMethod;
  readonly Count: EchoMethod;
  readonly Talk: EchoMethod;
}

const schema = {
  nested: {
    test: {
      nested: {
        /** Defined, and served by nobody. */
        Silence: { methods: { Keep: { requestType: 'Text', responseType: 'Text' } } },
        Text: { fields: { text: { type: 'string', id: 1 } } },
        Echo: {
          methods: {
            Say: { requestType: 'Text', responseType: 'Text' },
            Count: { requestType: 'Text', responseType: 'Text', responseStream: true },
            Talk: { requestType: 'Text', requestStream: true, responseType: 'Text', responseStream: true },
          },
        },
      },
    },
  },
};

/** protobufjs asks for a comment on each method, which it does not need. */
const definitions = fromJSON(schema as Parameters<typeof fromJSON>[0]);

export const echoContract: Contract<EchoMethods> = {
  name: 'test.Echo',
  methods: definitions['test.Echo'] as unknown as EchoMethods,
  definitions,
};

/** What the methods do; those that are absent answer nothing. */
export interface EchoBehaviour {
  readonly say?: Parameters<typeof GrpcHandlers.prototype.unary<Text, Text>>[0];
  readonly count?: Parameters<typeof GrpcHandlers.prototype.serverStream<Text, Text>>[0];
  readonly talk?: Parameters<typeof GrpcHandlers.prototype.bidi<Text, Text>>[0];
}

export function echoService({ say, count, talk }: EchoBehaviour): ServiceMount {
  return {
    contract: echoContract,
    implement(handlers): Record<string, GrpcHandler> {
      return {
        Say: handlers.unary<Text, Text>(say ?? (async (request) => request)),
        Count: handlers.serverStream<Text, Text>(count ?? async function* () {}),
        Talk: handlers.bidi<Text, Text>(talk ?? (async () => {})),
      };
    },
  };
}
