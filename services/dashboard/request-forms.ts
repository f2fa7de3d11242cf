/**
 * Reads the bodies of requests that change something. Their form is checked here, their meaning by the orchestrator.
 */
import { z } from 'zod';
import { traitorForm } from '../record/index.js';
import { invalidArgument } from '../runtime/index.js';
import type { FaultRequest, StartRound } from './wire.js';

/** Errors: invalid_argument, naming the field. */
export function parseStartRound(body: string): StartRound {
  return read(startForm, body) as StartRound;
}

/** Errors: the same. */
export function parseFault(body: string): FaultRequest {
  return read(faultForm, body) as FaultRequest;
}

function read(form: z.ZodType, body: string): unknown {
  const parsed = form.safeParse(readJson(body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidArgument(issue?.path.join('.') || 'the body', issue?.message ?? 'is no request');
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalidArgument('the body', 'is not JSON');
  }
}

const name = z.string().max(100);
const count = z.int().nonnegative();
const vote = z.enum(['Attack', 'Retreat']);

const startForm = z.strictObject({
  protocol: name.optional(),
  mode: name.optional(),
  isCouncil: z.boolean().optional(),
  inputs: z.record(name, vote).optional(),
  generalCount: count.optional(),
  faultCount: count.optional(),
  traitorCount: count.optional(),
  strategy: name.optional(),
  traitors: z.array(traitorForm).max(1_000).optional(),
  order: vote.optional(),
  seed: count.optional(),
  phaseMs: count.optional(),
  isOutsideBoundAllowed: z.boolean().optional(),
  key: name.optional(),
});

const faultForm = z.strictObject({
  kind: z.enum(['crash', 'hang', 'recover']),
  forMs: count.optional(),
});
