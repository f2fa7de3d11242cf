/**
 * The settings of a general-node.
 */
import { isGeneralId } from '../consensus/index.js';
import {
  address,
  addresses,
  addressOrNone,
  filePath,
  setting,
  text,
  textList,
  trueOrFalse,
  wholeNumber,
} from '../runtime/index.js';

/** `[general_node]`. */
export const generalNodeKeys = {
  address: setting({
    path: 'general_node.address',
    kind: address(),
    default: '127.0.0.1:8000',
    doc: 'Where the node listens.',
  }),
  metricsAddress: setting({
    path: 'general_node.metrics_address',
    kind: addressOrNone(),
    default: '',
    doc: 'Where the node serves its metrics to Prometheus, under /metrics.',
  }),
  tuplespace: setting({
    path: 'general_node.tuplespace',
    kind: addresses(),
    default: '127.0.0.1:7000',
    doc: 'Where the node finds the tuple space.',
  }),
  nodeId: setting({
    path: 'general_node.node_id',
    kind: text({
      pattern: /^[A-Za-z0-9._-]{0,64}$/,
      allowed: 'up to 64 characters of a-z, A-Z, 0-9, ".", "_", "-"; "" makes one',
    }),
    default: '',
    doc: "The node's own id. Two nodes must not share one.",
  }),
  generals: setting({
    path: 'general_node.generals',
    kind: textList({
      isAllowed: isGeneralId,
      allowed: 'a list such as ["general-0", "general-1"]; [] is any',
    }),
    default: [],
    doc: 'The generals that this node brings. A node without a list takes whichever it is given.',
  }),
  leaseMs: setting({
    path: 'general_node.lease_ms',
    kind: wholeNumber({ min: 300, max: 600_000 }),
    default: 3000,
    unit: 'ms',
    doc: 'How long the node counts as there without a sign of life. It gives three in that time.',
  }),
  leaseGraceMs: setting({
    path: 'general_node.lease_grace_ms',
    kind: wholeNumber({ min: 1, max: 600_000 }),
    default: 500,
    unit: 'ms',
    doc: 'How long the node counts as there after its connection broke.',
  }),
  seatsMax: setting({
    path: 'general_node.seats_max',
    kind: wholeNumber({ min: 1, max: 100_000 }),
    default: 1000,
    unit: 'generals',
    doc: 'How many generals of running rounds the node hosts at once. It is given no more.',
  }),
  drainMs: setting({
    path: 'general_node.drain_ms',
    kind: wholeNumber({ min: 0, max: 3000 }),
    default: 2500,
    unit: 'ms',
    doc: 'How long a node that is told to stop waits for its seats to be taken over. 0 is not at all.',
  }),
  restartMax: setting({
    path: 'general_node.restart_max',
    kind: wholeNumber({ min: 0, max: 1000 }),
    default: 5,
    unit: 'restarts',
    doc: 'A general that fails is started again, at most so often within restart_window_ms.',
  }),
  restartWindowMs: setting({
    path: 'general_node.restart_window_ms',
    kind: wholeNumber({ min: 1, max: 3_600_000 }),
    default: 10_000,
    unit: 'ms',
    doc: 'See restart_max.',
  }),
  endedMax: setting({
    path: 'general_node.ended_max',
    kind: wholeNumber({ min: 0, max: 100_000 }),
    default: 200,
    unit: 'generals',
    doc: 'How many generals of ended rounds stay to be looked at.',
  }),
  chaos: setting({
    path: 'general_node.chaos',
    kind: trueOrFalse(),
    default: false,
    doc: 'Let whoever reaches the node crash or hang it (byz fault). For trying what rounds withstand.',
  }),
  enrolSecretFile: setting({
    path: 'general_node.enrol_secret_file',
    kind: filePath(),
    default: '',
    doc: 'File with the secret that the tuple space asks a node for.',
    isSecretFile: true,
  }),
};
