/**
 * Seats: places the generals of a round on the enrolled nodes, gives each a token of its own, and takes the seats away again.
 */
import { type GeneralId, protocolOf } from '../consensus/index.js';
import type { Assignment, RoundTuple, SeatTuple } from '../general-node/index.js';
import {
  assignmentTemplate,
  assignmentTuple,
  claimTemplate,
  controlSpace,
  readAssignment,
  returnedTemplate,
  roundSpace,
} from '../general-node/index.js';
import { ServiceError } from '../runtime/index.js';
import type { TupleSpace } from '../tuplespace/index.js';
import { createToken, hashToken } from '../tuplespace/index.js';
import { placeGenerals } from './placement.js';
import { type Roster, readRoster } from './roster.js';

/** How much longer than its phases a round may take, orchestrators and spaces being away, before its generals may no longer speak, in ms. */
const outageMsMax = 3_600_000;

/** More rounds than this are never open at once, whatever the settings. */
const takeMax = 10_000;

interface RandomTexts {
  readonly randomText?: (() => string) | undefined;
}

/** What gives a seat to somebody. */
export interface PreparedSeat extends Assignment {
  /** How long its token is good, in ms. */
  readonly tokenTtlMs: number;
}

/** A seat with the process that gets it. */
export type PlacedSeat = SeatTuple & { readonly incarnation: string };

export class Seating {
  readonly #space: TupleSpace;
  readonly #createToken: () => string;

  constructor(space: TupleSpace, { randomText = createToken }: RandomTexts = {}) {
    this.#space = space;
    this.#createToken = randomText;
  }

  roster(options: Parameters<typeof readRoster>[1] = {}): Promise<Roster> {
    return readRoster(this.#space, options);
  }

  /** Chooses a node for each general of a new round; nothing is written. Errors: unavailable (some have none, and how many). */
  async place(generals: readonly GeneralId[], signal?: AbortSignal): Promise<readonly PlacedSeat[]> {
    const roster = await this.roster({ signal });
    const { placed, missing } = placeGenerals(generals, roster.placeable());
    if (missing.length > 0) throw missingError({ generals, missing, roster });
    return onNodes(
      [...placed].map(([general, node]) => ({ general, node, epoch: 1 })),
      roster,
    );
  }

  /** Makes a token for each seat; nothing is written. A node learns its token only with the assignment. */
  prepare(round: RoundTuple, seats: readonly PlacedSeat[]): readonly PreparedSeat[] {
    const tokenTtlMs = roundMsMax(round) + outageMsMax;
    return seats.map((seat) => ({ ...seat, round: round.number, token: this.#createToken(), tokenTtlMs }));
  }

  /**
   * Makes the tokens good in the round's space, which must be there, and in the same step those of earlier epochs of the same seats
   * void for all that they write from then on.
   */
  async admit(seats: readonly PreparedSeat[]): Promise<void> {
    await Promise.all(
      seats.map(({ round, general, epoch, node, token, tokenTtlMs }) =>
        this.#space.putToken({
          tokenHash: hashToken(token),
          caller: { kind: 'general', id: general, epoch, node, space: roundSpace(round) },
          ttlMs: tokenTtlMs,
        }),
      ),
    );
  }

  /** Hands the assignments out, in one step. Errors: already_exists (one of the seats has an assignment already). */
  async assign(assignments: readonly Assignment[]): Promise<void> {
    await this.#space.write({ space: controlSpace, tuples: assignments.map(assignmentTuple) });
  }

  /** Takes away the seats of a round that has ended, with the claim to it, and makes their tokens void. */
  async withdraw(round: number): Promise<void> {
    const templates = [assignmentTemplate({ round }), returnedTemplate({ round }), claimTemplate({ round })];
    const taken = await this.#space.take({ space: controlSpace, templates, max: takeMax });
    const assignments = taken.tuples.flatMap((tuple) => readAssignment(tuple) ?? []);
    await Promise.all(
      assignments.map(({ token }) => this.#space.revokeToken({ tokenHash: hashToken(token) })),
    );
  }
}

/** The time of all of a round's phases, the one for decisions included, if each lasts as long as it may. */
function roundMsMax({ setting, phaseMs }: RoundTuple): number {
  return (protocolOf(setting).phaseCount(setting) + 1) * phaseMs;
}

/** The seats with the processes that have the nodes' ids now; one whose node is not there gets nobody, and is homeless. */
export function onNodes(seats: readonly SeatTuple[], roster: Roster): readonly PlacedSeat[] {
  const incarnations = new Map(roster.nodes.map(({ node, incarnation }) => [node, incarnation]));
  return seats.map((seat) => ({ ...seat, incarnation: incarnations.get(seat.node) ?? '' }));
}

function missingError({
  generals,
  missing,
  roster,
}: {
  readonly generals: readonly GeneralId[];
  readonly missing: readonly GeneralId[];
  readonly roster: Roster;
}): ServiceError {
  const there = roster.nodes.map(({ node, generals: own, isDraining, seatsMax }) => {
    const said = [
      own.join(', ') || 'any general',
      `up to ${seatsMax} seats`,
      ...(isDraining ? ['leaving'] : []),
    ];
    return `${node} (${said.join('; ')})`;
  });
  const enrolled =
    there.length === 0
      ? 'no node is enrolled: start one with byz general-node'
      : `enrolled: ${there.join(', ')}`;
  const count = `${missing.length} of ${generals.length} generals have no node`;
  return new ServiceError('unavailable', `${count}: ${missing.join(', ')}; ${enrolled}`, {
    details: { missing: String(missing.length) },
  });
}
