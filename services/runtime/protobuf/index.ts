/**
 * A protobuf codec straight between bytes and domain types, for the messages where the general one is too slow or too lenient.
 */
export { field, nested, nonZero, optional, present, required, withDefault } from './fields.js';
export { listOf, listOrAbsent, packed, repeated, texts } from './lists.js';
export {
  decodeMessage,
  encodeMessage,
  type Field,
  type Fields,
  type MessageCodec,
  mapped,
  message,
} from './message.js';
export { type Cases, oneOf } from './one-of.js';
export { readNested, writeNested } from './parts.js';
export { FieldError, ProtoReader } from './reader.js';
export { bool, count64, enumOf, ms64, type Scalar, text, uint32, uint64 } from './scalars.js';
export { ProtoWriter, wireType } from './writer.js';
