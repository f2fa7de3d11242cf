/**
 * Commands: what stands in the log. A body is a batch of commands of one replica, which take effect one after the other at the
 * entry's time.
 */
import { protobuf, ServiceError } from '../../../runtime/index.js';
import { policyOperations } from '../../policy/policy.js';
import type * as Api from '../../space.js';
import * as admin from '../../wire/admin.js';
import { leaseCall, settleCall, takeCall, writeCall } from '../../wire/calls.js';
import { templateCodec } from '../../wire/template.js';
import type { CheckedCall, MachineOptions, Reach, SpaceRefusal } from '../memory/index.js';

/** The state machine's options that all replicas share. */
export type SharedOptions = Omit<MachineOptions, 'enrolmentSecret'>;

export type Command =
  | CallOf<'write', Api.WriteRequest>
  /** Takes now; what is not there is missing, and nothing is recorded. */
  | CallOf<'tryTake', Api.TakeRequest>
  /** Takes now; an empty answer is one, and is recorded. */
  | CallOf<'take', Api.TakeRequest>
  | CallOf<'settle', Api.SettleRequest>
  | CallOf<'lease', Api.LeaseRequest>
  | CallOf<'putSpace', Api.PutSpaceRequest>
  | CallOf<'dropSpace', { readonly space: string }>
  | CallOf<'putToken', Api.PutTokenRequest>
  | CallOf<'revokeToken', { readonly tokenHash: string }>
  /** A caller that showed the bootstrap secret. */
  | CallOf<'admit', Api.PutTokenRequest>
  /** What its caller was not let read. */
  | CallOf<'record', ReadRefusal>
  /** Ends what has fallen due. */
  | CallOf<'expire', object>
  /** The log has lost entries that were acknowledged: what was numbered in them must not be taken for what comes now. */
  | CallOf<'renew', object>
  /** Begins the log, or changes the options of the state machine; `seed` counts in the first one only. */
  | CallOf<'configure', Configuration>;

export type CommandKind = Command['kind'];

/** A refused act that changes nothing, and so is in the log for the audit alone. */
export type ReadRefusal = Pick<SpaceRefusal, 'space' | 'operation' | 'rule' | 'template'>;

export interface CallOf<Kind extends string, Request> {
  readonly kind: Kind;
  /** Of the caller's token; undefined: none. */
  readonly tokenHash: string | undefined;
  readonly request: Request;
  /** Of its search, when it was proposed; a command whose search may reach too far by now is stale, and has no effect. */
  readonly reach?: Reach | undefined;
}

/** What a stale command comes to. */
export class StaleSearch extends Error {}

export interface Configuration {
  /** Secret that all random texts of the state machine are made from. */
  readonly seed: string;
  readonly options: SharedOptions;
}

/** A body of the log. */
export interface Batch {
  /** Which replica appended it. */
  readonly replica: string;
  /** Counts the batches of the replica. */
  readonly number: number;
  readonly commands: readonly Command[];
}

/** A command as it stands in a batch. */
export interface EncodedCommand {
  readonly number: number;
  readonly tokenHash: string;
  readonly request: Buffer;
  readonly reach?: Reach | undefined;
}

/** A command of this replica: as it stands in a batch, and as it was checked, so that it need not be decoded and checked again. */
export interface ProposedCommand extends EncodedCommand {
  readonly kind: CommandKind;
  readonly checked: CheckedCall | undefined;
}

/** What its caller does to the request afterwards is not in it. */
export function encodeCommand(
  { kind, tokenHash = '', request, reach }: Command,
  checked?: CheckedCall,
): ProposedCommand {
  // Each kind's codec is that of its request.
  const codec = codecs[kind] as protobuf.MessageCodec<unknown>;
  return { number: numbers[kind], tokenHash, request: encodeMessage(codec, request), reach, kind, checked };
}

export function encodeBatch(
  batch: Omit<Batch, 'commands'> & { readonly commands: readonly EncodedCommand[] },
): Buffer {
  return encodeMessage(batchCodec, batch);
}

/** Errors: those of a malformed message; failed_precondition (a command that only a newer version knows). */
export function decodeBatch(bytes: Uint8Array): Batch {
  const { commands, ...batch } = decodeMessage(
    batchCodec,
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
  );
  return { ...batch, commands: commands.map(decodeCommand) };
}

/** Errors: as `decodeBatch`. */
export function decodeCommand({ number, tokenHash, request, reach }: EncodedCommand): Command {
  const kind = kinds.get(number);
  if (kind === undefined) throw tooNew(number);
  const codec = codecs[kind] as protobuf.MessageCodec<unknown>;
  return {
    kind,
    tokenHash: tokenHash === '' ? undefined : tokenHash,
    request: decodeMessage(codec, request),
    reach,
  } as Command;
}

const { count64, decodeMessage, encodeMessage, enumOf, field, mapped, message, nested } = protobuf;
const { present, repeated, required, text, uint32 } = protobuf;

const noBytes = Buffer.alloc(0);

function tooNew(number: number): ServiceError {
  return new ServiceError(
    'failed_precondition',
    `the log has commands of kind ${number}, this version knows 1 to ${kinds.size}; start a newer service`,
  );
}

/** A request's bytes, as they stand in the batch. */
const bytes: protobuf.Scalar<Buffer> = {
  wire: protobuf.wireType.bytes,
  zero: noBytes,
  write: (writer, value) => writer.bytes(value),
  read: (reader) => reader.view(),
};

const numbers: { readonly [K in CommandKind]: number } = {
  write: 1,
  tryTake: 2,
  take: 3,
  settle: 4,
  lease: 5,
  putSpace: 6,
  dropSpace: 7,
  putToken: 8,
  revokeToken: 9,
  admit: 10,
  expire: 11,
  configure: 12,
  renew: 13,
  record: 14,
};
const kinds = new Map(Object.entries(numbers).map(([kind, number]) => [number, kind as CommandKind]));

/** JSON where the wire has no message: the log begins with one, and sees another when a deployment's settings change. */
const configurationCodec: protobuf.MessageCodec<Configuration> = mapped(message({ json: field(1, text) }), {
  write: (configuration) => ({ json: JSON.stringify(configuration) }),
  read: ({ json }) => JSON.parse(json) as Configuration,
});

const codecs = {
  write: writeCall.request,
  tryTake: takeCall.request,
  take: takeCall.request,
  settle: settleCall.request,
  lease: leaseCall.request,
  putSpace: admin.putSpaceCall.request,
  dropSpace: admin.dropSpaceCall.request,
  putToken: admin.putTokenCall.request,
  revokeToken: admin.revokeTokenCall.request,
  admit: admin.putTokenCall.request,
  expire: message<object>({}),
  configure: configurationCodec,
  renew: message<object>({}),
  record: message<ReadRefusal>({
    space: field(1, text),
    operation: required(present(2, enumOf<ReadRefusal['operation']>([...policyOperations, 'manage']))),
    rule: field(3, text),
    template: nested(4, templateCodec),
  }),
};

const batchCodec = message<{
  readonly replica: string;
  readonly number: number;
  readonly commands: readonly EncodedCommand[];
}>({
  replica: field(1, text),
  number: field(2, count64),
  commands: repeated(
    3,
    message({
      number: field(1, uint32),
      tokenHash: field(2, text),
      request: field(3, bytes),
      reach: nested(4, message<Reach>({ examinedCount: field(1, count64), freedCount: field(2, count64) })),
    }),
  ),
});
