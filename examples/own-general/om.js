// OM(m) of a loyal general, after Lamport, Shostak and Pease 1982, section 3. Pure: what it hears goes in, what it says comes out.

const absent = 'Retreat';

export class LoyalGeneral {
  /** `order` is null but for the commander. Before `start` and after the decision nothing comes out. */
  constructor({ generals, commander, m, self }, order) {
    Object.assign(this, { generals, commander, m, self, order });
    this.phase = -1;
    /** By path, its ids joined. */
    this.heard = new Map();
    /** Senders whose message of a phase has come. */
    this.filled = Array.from({ length: m + 1 }, () => new Set());
  }

  start() {
    this.phase = 0;
    if (this.self !== this.commander) return this.#endFullPhases();
    this.phase = this.m + 1;
    const entries = [{ path: [this.self], vote: this.order }];
    const messages = this.#others([this.self]).map((to) => ({ phase: 0, to, entries }));
    return [{ messages }, { decision: this.order }];
  }

  /** A message; the first of its slot counts, and each of its entries by itself. */
  hear(phase, from, entries) {
    if (phase < this.phase || !this.#senders(phase).includes(from) || this.filled[phase].has(from)) return [];
    this.filled[phase].add(from);
    for (const { path, vote } of entries) {
      if ((vote !== 'Attack' && vote !== 'Retreat') || !this.#isPath(path, phase, from)) continue;
      const key = path.join(' ');
      if (!this.heard.has(key)) this.heard.set(key, vote);
    }
    return this.#endFullPhases();
  }

  /** The phase is over, and with it all before it. */
  close(phase) {
    const outputs = [];
    while (this.phase <= Math.min(phase, this.m)) outputs.push(...this.#endPhase(), ...this.#endFullPhases());
    return outputs;
  }

  #endFullPhases() {
    const outputs = [];
    while (
      this.phase >= 0 &&
      this.phase <= this.m &&
      this.filled[this.phase].size === this.#senders(this.phase).length
    ) {
      outputs.push(...this.#endPhase());
    }
    return outputs;
  }

  #endPhase() {
    this.phase += 1;
    if (this.phase > this.m) return [{ decision: this.#value([this.commander]) }];
    const relays = this.#pathsOf(this.phase).map((path) => ({
      path: [...path, this.self],
      vote: this.heard.get(path.join(' ')) ?? absent,
    }));
    const messages = this.#others([this.commander, this.self]).flatMap((to) => {
      const entries = relays.filter(({ path }) => !path.includes(to));
      return entries.length === 0 ? [] : [{ phase: this.phase, to, entries }];
    });
    return messages.length === 0 ? [] : [{ messages }];
  }

  /** What is made of a path: at the end what was heard, else the majority of that and of what others relayed of it. */
  #value(path) {
    const own = this.heard.get(path.join(' ')) ?? absent;
    if (path.length === this.m + 1) return own;
    const relayed = this.#others([...path, this.self]).map((relay) => this.#value([...path, relay]));
    const attackCount = [own, ...relayed].filter((vote) => vote === 'Attack').length;
    return 2 * attackCount > relayed.length + 1 ? 'Attack' : absent;
  }

  /** All paths of that many generals, from the commander on and without this general: the structure, not what arrived. */
  #pathsOf(length) {
    if (length === 1) return [[this.commander]];
    return this.#pathsOf(length - 1).flatMap((path) =>
      this.#others([...path, this.self]).map((next) => [...path, next]),
    );
  }

  #isPath(path, phase, from) {
    return (
      Array.isArray(path) &&
      path.length === phase + 1 &&
      path[0] === this.commander &&
      path.at(-1) === from &&
      new Set(path).size === path.length &&
      !path.includes(this.self) &&
      path.every((general) => this.generals.includes(general))
    );
  }

  /** Who owes this general a message in a phase. */
  #senders(phase) {
    if (this.self === this.commander || phase < 0 || phase > this.m) return [];
    if (phase === 0) return [this.commander];
    // With too few generals for a path of that length nobody has anything to relay.
    return this.generals.length > phase + 1 ? this.#others([this.commander, this.self]) : [];
  }

  #others(excluded) {
    return this.generals.filter((general) => !excluded.includes(general));
  }
}
