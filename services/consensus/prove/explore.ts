/**
 * Every behaviour of the traitors in a protocol whose generals know little at the end of a phase, such as King or
 * SM with few generals: the real engine is stepped from every state that can be reached, phase by phase. What a
 * traitor tells one general changes that general alone until the next phase, so each general is stepped by itself
 * and the states of all are put together; equal ones are gone through once and counted as often as they are
 * reached (explicit-state model checking, after Clarke, Grumberg and Peled, "Model Checking", 1999). On a board
 * all are told the same, and all are stepped together.
 */
import { findTwoOrders } from '../evidence/proof.js';
import { idealSigning } from '../ideal-signatures.js';
import type { GeneralId, Message, Protocol, Vote } from '../protocol.js';
import { everyone } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { RoundPlan } from '../run.js';
import type { TableAct } from '../traitors/table.js';
import { judge } from '../verdict.js';
import { canonical } from './knowledge.js';
import { type Local, Locals } from './local.js';
import { type Inputs, type Proof, type ProofCase, unanimousInput } from './proof.js';
import { toMessages, treatmentCount, treatments } from './treatments.js';

/** What all begin with. */
interface Beginning {
  /** Empty but for a council. */
  readonly inputs: Inputs;
  /** What decides about validity later. */
  readonly unanimous: Vote | undefined;
  /** What loyal generals say first. */
  readonly orders: readonly Message[];
  readonly ordersKey: string;
}

/** All generals between two phases: what some behaviours lead to, and the first of them. */
interface Joint {
  readonly beginning: Beginning;
  readonly locals: readonly Local[];
  count: bigint;
  readonly before: Joint | undefined;
  readonly lies: readonly TableAct[];
}

/** Where some generals can be brought in a phase: by so many behaviours, of which this is the first. */
interface Outcome {
  readonly locals: readonly Local[];
  count: bigint;
  readonly lies: readonly TableAct[];
}

/** Generals who are told the same. */
interface Group {
  /** A general, or `everyone`. */
  readonly to: GeneralId;
  readonly members: readonly GeneralId[];
}

/**
 * Goes through all of it; undefined when more than `workMax` ways have to be looked at, to tell one general
 * something or to put the states of all together. Meant for four generals, or for King with seven. `protocol`
 * stands in for the setting's own: a part of it, or one with a planted bug.
 */
export function explore(
  asked: ProofCase,
  workMax = exploredWorkMax,
  protocol = protocolOf(asked.setting),
): Proof | undefined {
  return new Explorer(asked, workMax, protocol).run();
}

/** Up to half a minute for each case, and some hundreds of MB. */
export const exploredWorkMax = 500_000;

class Explorer {
  readonly #asked: ProofCase;
  readonly #protocol: Protocol<unknown>;
  readonly #workMax: number;
  readonly #isSigned: boolean;
  readonly #groups: readonly Group[];
  readonly #locals: Locals;
  readonly #outcomesKnown = new Map<string, readonly Outcome[]>();
  readonly #convictedLoyal = new Set<GeneralId>();
  #work = 0;

  constructor(asked: ProofCase, workMax: number, protocol: Protocol<unknown>) {
    const { generals, mode } = asked.setting;
    this.#asked = asked;
    this.#protocol = protocol;
    this.#workMax = workMax;
    this.#locals = new Locals(protocol, asked.setting);
    this.#isSigned = mode === 'signed';
    this.#groups =
      mode === 'board'
        ? [{ to: everyone, members: generals }]
        : generals.map((id) => ({ to: id, members: [id] }));
  }

  run(): Proof | undefined {
    const { setting } = this.#asked;
    const phases = Array.from({ length: this.#protocol.phaseCount(setting) }, (_, phase) => phase);
    const isCountable = (phase: number) =>
      this.#groups.every(
        ({ to }) => treatmentCount(this.#protocol, this.#asked, { phase, to }) <= this.#workMax,
      );
    if (!phases.every(isCountable)) return undefined;
    const { inputs = [new Map()] } = this.#asked;
    let level = inputs.map((one) => this.#begin(one));
    for (const phase of phases) {
      const next = new Map<string, Joint>();
      for (const joint of level) {
        this.#extend(joint, phase, next);
        if (this.#work > this.#workMax) return undefined;
      }
      level = [...next.values()];
    }
    const broken = level.filter((joint) => this.#isBroken(joint));
    const sum = (joints: readonly Joint[]) => joints.reduce((all, { count }) => all + count, 0n);
    const [first] = broken;
    return {
      behaviours: sum(level),
      evaluations: this.#locals.tellCount,
      violations: sum(broken),
      witness: first === undefined ? undefined : this.#witness(first),
      convictedLoyal: [...this.#convictedLoyal],
    };
  }

  #begin(inputs: Inputs): Joint {
    const { setting, order } = this.#asked;
    const locals = setting.generals.map((id) => this.#locals.start(id, inputs.get(id) ?? order));
    const orders = this.#loyalMessages(locals, 0);
    const unanimous = unanimousInput(this.#asked, inputs);
    const beginning: Beginning = { inputs, unanimous, orders, ordersKey: canonical(orders) };
    return { beginning, locals, count: 1n, before: undefined, lies: [] };
  }

  /** All that the traitors can make of one state of all in one phase. */
  #extend(joint: Joint, phase: number, next: Map<string, Joint>): void {
    const outcomes = this.#groups.map((group) => this.#outcomes(joint, group, phase));
    this.#work += outcomes.reduce((product, { length }) => product * length, 1);
    if (this.#work > this.#workMax) return;
    const { beginning } = joint;
    const walk = (i: number, locals: readonly Local[], count: bigint, lies: readonly TableAct[]): void => {
      if (i === outcomes.length) {
        const key = `${beginning.unanimous}\n${keyOf(locals)}`;
        const known = next.get(key);
        if (known === undefined) next.set(key, { beginning, locals, count, before: joint, lies });
        else known.count += count;
        return;
      }
      for (const one of outcomes[i] ?? []) {
        walk(i + 1, [...locals, ...one.locals], count * one.count, [...lies, ...one.lies]);
      }
    };
    walk(0, [], joint.count, []);
  }

  /** Where a group can be brought in this phase, in how many ways; worked out once for all that it depends on. */
  #outcomes(joint: Joint, group: Group, phase: number): readonly Outcome[] {
    // What an oral traitor knows binds it to nothing.
    const speakers = this.#isSigned ? this.#asked.traitors : [];
    const involved = [...group.members, ...speakers].map((id) => this.#localOf(joint, id));
    const heard = this.#loyalLocals(joint.locals).map(({ sendsKey }) => sendsKey);
    const orders = this.#isSigned ? joint.beginning.ordersKey : '';
    const key = [phase, group.to, orders, keyOf(involved), ...heard].join(' ');
    const known = this.#outcomesKnown.get(key) ?? this.#treat(joint, group, phase);
    this.#outcomesKnown.set(key, known);
    return known;
  }

  #treat(joint: Joint, { to, members }: Group, phase: number): Outcome[] {
    const loyal = this.#loyalMessages(joint.locals, phase).filter((message) => message.to === to);
    const isStill = (id: GeneralId) => !this.#isSigned && this.#asked.traitors.includes(id);
    const found = new Map<string, Outcome>();
    const ways = members.every(isStill) ? [[]] : treatments(this.#protocol, this.#asked, { phase, to });
    for (const lies of ways) {
      this.#work += 1;
      if (this.#work > this.#workMax) return [];
      const said = toMessages(this.#protocol, lies, (id) => this.#localOf(joint, id).state);
      const sent = [...loyal, ...said];
      if (this.#isSigned) this.#audit(sent, joint.beginning);
      const locals = members.map((id) => {
        const local = this.#localOf(joint, id);
        const told = sent.filter(({ from }) => from !== id);
        return isStill(id) ? local : this.#locals.tell(local, told, phase);
      });
      const key = keyOf(locals);
      const known = found.get(key);
      if (known === undefined) found.set(key, { locals, count: 1n, lies });
      else known.count += 1n;
    }
    return [...found.values()];
  }

  #localOf(joint: Joint, id: GeneralId): Local {
    return joint.locals[this.#asked.setting.generals.indexOf(id)] as Local;
  }

  /** Whether what one general is told, and what loyal generals said first, convicts a loyal one. */
  #audit(told: readonly Message[], { orders }: Beginning): void {
    const { setting, order, traitors } = this.#asked;
    const entries = [...orders, ...told].map((message) => ({ kind: 'message' as const, message }));
    const proofs = findTwoOrders({ setting, order, entries }, idealSigning('a reader', 'simulated'));
    for (const { signer } of proofs) if (!traitors.includes(signer)) this.#convictedLoyal.add(signer);
  }

  #loyalMessages(locals: readonly Local[], phase: number): readonly Message[] {
    return this.#loyalLocals(locals).flatMap(({ sends }) => sends.filter((sent) => sent.phase === phase));
  }

  #loyalLocals(locals: readonly Local[]): readonly Local[] {
    const { setting, traitors } = this.#asked;
    return locals.filter((_, i) => !traitors.includes(setting.generals[i] ?? ''));
  }

  #isBroken({ beginning: { inputs }, locals }: Joint): boolean {
    const { setting, order, traitors } = this.#asked;
    const decisions = new Map(
      setting.generals.flatMap((id, i) => {
        const { decision } = locals[i] as Local;
        return decision === undefined ? [] : [[id, decision] as const];
      }),
    );
    const { agreement, validity } = judge({
      ...{ setting, order, inputs, traitors },
      lost: [],
      decisions,
      isOver: true,
    });
    return agreement.status === 'violated' || validity.status === 'violated';
  }

  #witness(last: Joint): RoundPlan {
    const acts: TableAct[] = [];
    for (let joint: Joint | undefined = last; joint !== undefined; joint = joint.before) {
      acts.unshift(...joint.lies);
    }
    const { setting, order, traitors } = this.#asked;
    const specs = traitors.map((general) => ({
      general,
      strategy: 'table' as const,
      acts: acts.filter(({ from }) => from === general),
    }));
    const given = setting.isCouncil ? { inputs: last.beginning.inputs } : {};
    return { setting, order, ...given, traitors: specs, seed: 0 };
  }
}

function keyOf(locals: readonly Local[]): string {
  return locals.map(({ key }) => key).join(' ');
}
