/**
 * Seats: places the generals of a round on the enrolled nodes, gives each a token of its own, and takes the seats away again.
 */
import type { GeneralId } from '../consensus/index.js';
import type { Assignment, SeatTuple } from '../general-node/index.js';
import {
  assignmentTemplate,
  assignmentTuple,
  controlSpace,
  nodeTemplate,
  readAssignment,
  readNode,
  roundSpace,
} from '../general-node/index.js';
import type { StoredTuple, TupleSpace } from '../tuplespace/index.js';
import { createToken, hashToken, readAll } from '../tuplespace/index.js';
import type { NodeInfo } from './orchestrator.js';
import { placeGenerals } from './placement.js';

/** More rounds than this are never open at once, whatever the settings. */
const takeMax = 10_000;

interface RandomTexts {
  readonly randomText?: (() => string) | undefined;
}

export class Seating {
  readonly #space: TupleSpace;
  readonly #createToken: () => string;

  constructor(space: TupleSpace, { randomText = createToken }: RandomTexts = {}) {
    this.#space = space;
    this.#createToken = randomText;
  }

  /** The nodes that are enrolled now, by id, with their seats of running rounds. */
  async nodes(signal?: AbortSignal): Promise<readonly NodeInfo[]> {
    const request = { space: controlSpace, templates: [nodeTemplate, assignmentTemplate({})] };
    const tuples: StoredTuple[] = [];
    for await (const tuple of readAll(this.#space, request, { signal })) tuples.push(tuple);
    const nodes = tuples.map(readNode).filter((node) => node !== undefined);
    const assignments = tuples.map(readAssignment).filter((assignment) => assignment !== undefined);
    return nodes
      .map(({ node, address, generals, enrolledAtMs }) => ({
        node,
        ...(address === '' ? {} : { address }),
        generals,
        enrolledAtMs,
        seats: assignments
          .filter((assignment) => assignment.node === node)
          .map(({ round, general, epoch }) => ({ round, general, epoch })),
      }))
      .sort((left, right) => (left.node < right.node ? -1 : 1));
  }

  /** Chooses a node for each general; nothing is written. Errors: failed_precondition (nobody serves one of them). */
  async place(generals: readonly GeneralId[], signal?: AbortSignal): Promise<readonly SeatTuple[]> {
    const nodes = (await this.nodes(signal)).map(({ node, generals: own, seats }) => ({
      node,
      generals: own,
      seatCount: seats.length,
    }));
    return [...placeGenerals(generals, nodes)].map(([general, node]) => ({ general, node, epoch: 1 }));
  }

  /**
   * The same seats; a general whose node is gone gets another one and the next epoch. Nothing is written. Errors: failed_precondition
   * (nobody serves one of them).
   */
  async keepOrMove(seats: readonly SeatTuple[]): Promise<readonly SeatTuple[]> {
    const enrolled = new Set((await this.nodes()).map(({ node }) => node));
    const homeless = seats.filter(({ node }) => !enrolled.has(node));
    const placed = homeless.length === 0 ? [] : await this.place(homeless.map(({ general }) => general));
    const found = new Map(placed.map(({ general, node }) => [general, node]));
    return seats.map((seat) => {
      const node = found.get(seat.general);
      return node === undefined ? seat : { ...seat, node, epoch: seat.epoch + 1 };
    });
  }

  /** The rounds whose seats are handed out. */
  async seatedRounds(): Promise<ReadonlySet<number>> {
    const rounds = new Set<number>();
    const request = { space: controlSpace, templates: [assignmentTemplate({})] };
    for await (const tuple of readAll(this.#space, request)) {
      const assignment = readAssignment(tuple);
      if (assignment !== undefined) rounds.add(assignment.round);
    }
    return rounds;
  }

  /** Makes a token for each seat; nothing is written. A node learns its token only with the assignment. */
  prepare(round: number, seats: readonly SeatTuple[]): readonly Assignment[] {
    return seats.map((seat) => ({ ...seat, round, token: this.#createToken() }));
  }

  /** Makes the tokens good in the round's space, which must be there. */
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

  /** Hands the assignments out, in one step. */
  async assign(assignments: readonly Assignment[]): Promise<void> {
    await this.#space.write({ space: controlSpace, tuples: assignments.map(assignmentTuple) });
  }

  /** Takes the seats of a round away and makes their tokens void. */
  async withdraw(round: number): Promise<void> {
    const taken = await this.#space.take({
      space: controlSpace,
      templates: [assignmentTemplate({ round })],
      max: takeMax,
    });
    const assignments = taken.tuples.map(readAssignment).filter((assignment) => assignment !== undefined);
    await Promise.all(
      assignments.map(({ token }) => this.#space.revokeToken({ tokenHash: hashToken(token) })),
    );
  }
}
