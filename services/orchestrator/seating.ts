/**
 * Seats: places the generals of a round on the enrolled nodes, gives each a token of its own, and takes the seats away again.
 */
import type { GeneralId } from '../consensus/index.js';
import type { Assignment, SeatTuple } from '../general-node/index.js';
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

/** More rounds than this are never open at once, whatever the settings. */
const takeMax = 10_000;

interface RandomTexts {
  readonly randomText?: (() => string) | undefined;
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
  prepare(round: number, seats: readonly PlacedSeat[]): readonly Assignment[] {
    return seats.map((seat) => ({ ...seat, round, token: this.#createToken() }));
  }

  /**
   * Makes the tokens good in the round's space, which must be there, and in the same step those of earlier epochs of the same seats
   * void for all that they write from then on.
   */
  async admit(assignments: readonly Assignment[]): Promise<void> {
    await Promise.all(
      assignments.map(({ round, general, epoch, token }) =>
        this.#space.putToken({
          tokenHash: hashToken(token),
          caller: { kind: 'general', id: general, epoch, space: roundSpace(round) },
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
