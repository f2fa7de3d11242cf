/**
 * Every behaviour of the traitors in a protocol whose generals know little at the end of a phase, such as King or
 * SM with few generals: the real engine is stepped from every state that can be reached, phase by phase. What a
 * traitor tells one general changes that general alone until the next phase, so each general is stepped by itself
 * and the states of all are put together; equal ones are gone through once and counted as often as they are
 * reached (explicit-state model checking, after Clarke, Grumberg and Peled, "Model Checking", 1999).
 */
import { idealSigning } from '../ideal-signatures.js';
import type { GeneralId, Input, Message, Output, Protocol, Setting, Vote } from '../protocol.js';
import { votes } from '../protocol.js';
import { protocolOf } from '../protocols.js';
import type { RoundPlan } from '../run.js';
import type { TableAct } from '../traitors/table.js';
import { judge } from '../verdict.js';
import type { Proof } from './proof.js';

export interface Exploration {
  readonly setting: Setting;
  readonly traitors: readonly GeneralId[];
  readonly order: Vote;
  /** In a council, of every general. */
  readonly inputs?: ReadonlyMap<GeneralId, Vote>;
}

/** One general between two phases. */
interface Local {
  readonly key: string;
  readonly state: unknown;
  readonly sends: readonly Message[];
  readonly decision: Vote | undefined;
}

/** What some behaviours lead to, and the first of them. */
interface Joint {
  readonly locals: readonly Local[];
  count: bigint;
  readonly before: Joint | undefined;
  readonly lies: readonly TableAct[];
}

/** Goes through all of it. Costs what can be reached; meant for four generals, or for King with seven. */
export function explore(asked: Exploration): Proof {
  return new Explorer(asked).run();
}

class Explorer {
  readonly #asked: Exploration;
  readonly #protocol: Protocol<unknown>;
  readonly #steps = new Map<string, Local>();
  #evaluations = 0;

  constructor(asked: Exploration) {
    this.#asked = asked;
    this.#protocol = protocolOf(asked.setting);
  }

  run(): Proof {
    const { setting } = this.#asked;
    let level: readonly Joint[] = [
      { locals: setting.generals.map((id) => this.#start(id)), count: 1n, before: undefined, lies: [] },
    ];
    for (let phase = 0; phase < this.#protocol.phaseCount(setting); phase += 1) {
      const next = new Map<string, Joint>();
      for (const joint of level) this.#extend(joint, phase, next);
      level = [...next.values()];
    }
    const broken = level.filter((joint) => this.#isBroken(joint));
    const sum = (joints: readonly Joint[]) => joints.reduce((all, { count }) => all + count, 0n);
    const [first] = broken;
    return {
      behaviours: sum(level),
      evaluations: this.#evaluations,
      violations: sum(broken),
      witness: first === undefined ? undefined : this.#witness(first),
    };
  }

  #start(id: GeneralId): Local {
    const { setting, order, inputs } = this.#asked;
    const state = this.#protocol.init(setting, id, idealSigning(id, 'simulated'));
    const hasInput = setting.isCouncil || id === setting.commander;
    const input: Input = hasInput ? { kind: 'start', order: inputs?.get(id) ?? order } : { kind: 'start' };
    return this.#after({ key: '', state, sends: [], decision: undefined }, [input], -1);
  }

  /** A general that waits for nobody is ahead of the others: what it says in later phases stands until then. */
  #after(before: Local, inputs: readonly Input[], phase: number): Local {
    let { state } = before;
    const outputs: Output[] = [];
    for (const input of inputs) {
      const step = this.#protocol.step(state, input);
      state = step.state;
      outputs.push(...step.outputs);
    }
    const fresh = outputs.flatMap((output) => (output.kind === 'send' ? output.messages : []));
    const sends = [...before.sends.filter((message) => message.phase > phase), ...fresh];
    const decision = before.decision ?? outputs.find((output) => output.kind === 'decide')?.vote;
    return { key: canonical([knowledge(state), sends, decision]), state, sends, decision };
  }

  /** All that the traitors can make of one state of all in one phase. */
  #extend(joint: Joint, phase: number, next: Map<string, Joint>): void {
    const { setting, traitors } = this.#asked;
    const outcomes = setting.generals.map((id, i) => {
      // What an oral traitor knows binds it to nothing.
      const isStill = traitors.includes(id) && setting.mode !== 'signed';
      const local = joint.locals[i] as Local;
      return isStill ? [{ local, count: 1n, lies: [] }] : this.#outcomes(joint, id, local, phase);
    });
    const walk = (i: number, locals: readonly Local[], count: bigint, lies: readonly TableAct[]): void => {
      if (i === outcomes.length) {
        const key = locals.map((local) => local.key).join('\n');
        const known = next.get(key);
        if (known === undefined) next.set(key, { locals, count, before: joint, lies });
        else known.count += count;
        return;
      }
      for (const one of outcomes[i] ?? []) {
        walk(i + 1, [...locals, one.local], count * one.count, [...lies, ...one.lies]);
      }
    };
    walk(0, [], joint.count, []);
  }

  /** Where one general can be brought in this phase, in how many ways. */
  #outcomes(joint: Joint, id: GeneralId, local: Local, phase: number) {
    const { setting, traitors } = this.#asked;
    const loyal = joint.locals.flatMap(({ sends }, i) =>
      traitors.includes(setting.generals[i] ?? '')
        ? []
        : sends.filter((message) => message.phase === phase && message.to === id),
    );
    const found = new Map<string, { local: Local; count: bigint; lies: readonly TableAct[] }>();
    for (const lies of this.#choices(id, phase)) {
      const told = [...loyal, ...this.#messages(joint, lies)];
      const stepKey = `${phase} ${id} ${local.key} ${canonical(told)}`;
      let after = this.#steps.get(stepKey);
      if (after === undefined) {
        this.#evaluations += 1;
        const messages = told.map((message): Input => ({ kind: 'message', message }));
        after = this.#after(local, [...messages, { kind: 'close', phase }], phase);
        this.#steps.set(stepKey, after);
      }
      const known = found.get(after.key);
      if (known === undefined) found.set(after.key, { local: after, count: 1n, lies });
      else known.count += 1n;
    }
    return [...found.values()];
  }

  /** Every way in which all traitors can treat one general in a phase. */
  #choices(to: GeneralId, phase: number): readonly (readonly TableAct[])[] {
    const { setting, traitors } = this.#asked;
    const sayings: readonly TableAct['act'][] =
      setting.mode === 'signed' ? [...votes, 'both', 'nothing'] : [...votes, 'nothing'];
    const places = traitors
      .filter((from) => from !== to)
      .flatMap((from) => this.#protocol.paths(setting, { phase, from, to }).map((path) => ({ from, path })));
    return places.reduce<readonly (readonly TableAct[])[]>(
      (all, { from, path }) =>
        all.flatMap((acts) => sayings.map((act) => [...acts, { phase, from, to, path, act }])),
      [[]],
    );
  }

  #messages(joint: Joint, acts: readonly TableAct[]): readonly Message[] {
    const { setting } = this.#asked;
    return acts.flatMap(({ phase, from, to, path, act }) => {
      if (act === 'nothing') return [];
      const { state } = joint.locals[setting.generals.indexOf(from)] as Local;
      const said = votes.filter((vote) => act === 'both' || act === vote);
      const slot = { phase, from, to };
      return [{ ...slot, entries: said.map((vote) => this.#protocol.say(state, slot, path, vote)) }];
    });
  }

  #isBroken({ locals }: Joint): boolean {
    const { setting, traitors, order, inputs } = this.#asked;
    const decisions = new Map(
      setting.generals.flatMap((id, i) => {
        const { decision } = locals[i] as Local;
        return decision === undefined ? [] : [[id, decision] as const];
      }),
    );
    const given = inputs === undefined ? {} : { inputs };
    const record = { setting, order, ...given, traitors, lost: [], decisions, isOver: true };
    const { agreement, validity } = judge(record);
    return agreement.status === 'violated' || validity.status === 'violated';
  }

  #witness(last: Joint): RoundPlan {
    const { setting, traitors, order, inputs } = this.#asked;
    const acts: TableAct[] = [];
    for (let joint: Joint | undefined = last; joint !== undefined; joint = joint.before) {
      acts.unshift(...joint.lies);
    }
    const specs = traitors.map((general) => ({
      general,
      strategy: 'table' as const,
      acts: acts.filter(({ from }) => from === general),
    }));
    return { setting, order, ...(inputs === undefined ? {} : { inputs }), traitors: specs, seed: 0 };
  }
}

/** What a step depends on: mail of phases that are over and notes for people do not count. */
function knowledge(state: unknown): unknown {
  const { known, heard, phase } = state as { known?: unknown; heard?: unknown; phase?: unknown };
  return [known, heard, phase];
}

/** One text for each value: maps, sets and bytes included. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Map) return ['map', ...part];
    if (part instanceof Set) return ['set', ...part];
    return part instanceof Uint8Array ? ['bytes', ...part] : part;
  });
}
