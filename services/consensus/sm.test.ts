/**
 * SM(m): known answers, and what its signatures are for.
 */
import { idealSigning } from './ideal-signatures.js';
import type { Entry, Input, Output, Signing, Vote } from './protocol.js';
import { protocolOf } from './protocols.js';
import { simulateRound } from './run.js';
import { beginChain, extendChain, isSigned, signedBytes } from './signed-chain.js';
import { ids, isBroken } from './testing/builders.js';
import { everyRound, lettersOf, settingOf, tableFor } from './testing/rounds.js';

const sayings = ['Attack', 'Retreat', 'both', 'nothing'] as const;
const signingOf = (general: string) => idealSigning(general, 'test');

describe('known answers', () => {
  it('KA4: a commander that signs A and R is seen through by both, who then hold two of its signatures', () => {
    const setting = settingOf({ protocol: 'sm' }, 3, 1);
    const traitor = tableFor(setting, 'general-0', ({ to }) => (to === 'general-1' ? 'Attack' : 'Retreat'));
    const round = simulateRound({ setting, order: 'Attack', traitors: [traitor], seed: 0 });
    expect(lettersOf(round, ids(1, 2))).toBe('RR');
    expect(round.verdict.isWithin).toBe(true);
    const signedBy0 = round.messages.flatMap(({ entries }) => entries.map(({ vote }) => vote));
    expect(new Set(signedBy0)).toEqual(new Set(['Attack', 'Retreat']));
  });

  it('KA14: with one traitor too many two loyal generals differ, and no two signatures conflict', () => {
    const setting = settingOf({ protocol: 'sm' }, 4, 1);
    const commander = tableFor(setting, 'general-0', ({ to }) => (to === 'general-3' ? 'Attack' : 'nothing'));
    const helper = tableFor(setting, 'general-3', ({ to }) => (to === 'general-2' ? undefined : 'nothing'));
    const round = simulateRound({ setting, order: 'Attack', traitors: [commander, helper], seed: 0 });
    expect(lettersOf(round, ids(1, 2))).toBe('RA');
    const said = new Set(round.messages.flatMap(({ entries }) => entries.map(({ vote }) => vote)));
    expect(said).toEqual(new Set(['Attack']));
  });

  it.each([
    [3, 64 / 4],
    [4, 64],
  ])('at n = %i no behaviour of a traitor in command breaks anything: %i of them', (n, count) => {
    const setting = settingOf({ protocol: 'sm' }, n, 1);
    const rounds = [...everyRound(setting, 'general-0', { order: 'Attack', sayings })];
    expect(rounds).toHaveLength(count);
    expect(rounds.filter(isBroken)).toEqual([]);
  });

  it.each([3, 4])('at n = %i no behaviour of a traitor in the ranks breaks anything', (n) => {
    const setting = settingOf({ protocol: 'sm' }, n, 1);
    for (const order of ['Attack', 'Retreat'] as const) {
      const rounds = [...everyRound(setting, `general-${n - 1}`, { order, sayings })];
      expect(rounds).toHaveLength(sayings.length ** (n - 2));
      expect(rounds.filter(isBroken)).toEqual([]);
    }
  });
});

describe('a lieutenant', () => {
  const setting = settingOf({ protocol: 'sm' }, 4, 2);
  const chain = (vote: Vote, ...signers: string[]): Entry =>
    signers
      .slice(1)
      .reduce(
        (entry, signer) => extendChain(entry, signer, signingOf(signer)),
        beginChain(vote, signers[0] ?? '', signingOf(signers[0] ?? '')),
      );

  function outputsOf(inputs: readonly Input[]): Output[] {
    const protocol = protocolOf(setting);
    let state = protocol.init(setting, 'general-1', signingOf('general-1'));
    return inputs.flatMap((input) => {
      const next = protocol.step(state, input);
      state = next.state;
      return [...next.outputs];
    });
  }

  const told = (phase: number, from: string, ...entries: Entry[]): Input => ({
    kind: 'message',
    message: { phase, from, to: 'general-1', entries },
  });
  const close = (phase: number): Input => ({ kind: 'close', phase });
  const decisionOf = (outputs: readonly Output[]) => outputs.find((output) => output.kind === 'decide');

  it('KA13: takes no chain that is shorter than its phase demands, so nobody reveals an order late', () => {
    const outputs = outputsOf([
      { kind: 'start' },
      close(0),
      close(1),
      told(2, 'general-2', chain('Attack', 'general-0', 'general-2')),
      close(2),
    ]);
    expect(outputs).toContainEqual(expect.objectContaining({ kind: 'ignored', reason: 'illegal_path' }));
    expect(decisionOf(outputs)).toMatchObject({ vote: 'Retreat' });
  });

  it('ignores what does not verify and says so: a changed vote, a changed signer, a missing signature', () => {
    const good = chain('Attack', 'general-0', 'general-2');
    const forgeries: Entry[] = [
      { ...good, vote: 'Retreat' },
      { ...good, signatures: good.signatures?.slice(0, 1) ?? [] },
      { path: good.path, vote: 'Attack' },
      extendChain(
        beginChain('Attack', 'general-0', signingOf('general-3')),
        'general-2',
        signingOf('general-2'),
      ),
      { ...good, signatures: [new Uint8Array(), new Uint8Array(64)] },
    ];
    for (const forgery of forgeries) {
      const outputs = outputsOf([{ kind: 'start' }, close(0), told(1, 'general-2', forgery), close(2)]);
      expect(outputs).toContainEqual(
        expect.objectContaining({ kind: 'ignored', reason: 'illegal_signature', path: good.path }),
      );
      expect(decisionOf(outputs)).toMatchObject({ vote: 'Retreat' });
    }
    const outputs = outputsOf([{ kind: 'start' }, close(0), told(1, 'general-2', good), close(2)]);
    expect(decisionOf(outputs)).toMatchObject({ vote: 'Attack' });
  });

  it('relays two votes at most, each once, and to nobody who has signed', () => {
    const outputs = outputsOf([
      { kind: 'start' },
      told(0, 'general-0', chain('Attack', 'general-0'), chain('Retreat', 'general-0')),
      told(1, 'general-2', chain('Attack', 'general-0', 'general-2')),
      told(1, 'general-3'),
    ]);
    const sent = outputs.flatMap((output) => (output.kind === 'send' ? output.messages : []));
    expect(sent.map(({ phase, to, entries }) => [phase, to, entries.map(({ vote }) => vote)])).toEqual([
      [1, 'general-2', ['Attack', 'Retreat']],
      [1, 'general-3', ['Attack', 'Retreat']],
      [2, 'general-2', []],
      [2, 'general-3', []],
    ]);
  });

  it('does not take a chain of another round', () => {
    const other = beginChain('Attack', 'general-0', idealSigning('general-0', 'another round'));
    expect(isSigned(other, signingOf('general-1'))).toBe(false);
  });
});

test('a council verifies each signature once', () => {
  const setting = settingOf({ protocol: 'sm', isCouncil: true }, 4, 1);
  const { messages } = simulateRound({ setting, order: 'Attack', traitors: [], seed: 0 });
  const mail = messages.filter(({ to }) => to === 'general-1');
  const { sign, verify, instance } = idealSigning('general-1', 'simulated');
  let verifyCount = 0;
  const counting: Signing = {
    instance,
    sign,
    verify(...claim) {
      verifyCount += 1;
      return verify(...claim);
    },
  };
  const protocol = protocolOf(setting);
  const inputs: Input[] = [{ kind: 'start', order: 'Attack' }];
  for (const message of mail) inputs.push({ kind: 'message', message });
  let state = protocol.init(setting, 'general-1', counting);
  for (const input of inputs) state = protocol.step(state, input).state;
  const signatures = mail.flatMap(({ entries }) => entries.flatMap(({ signatures = [] }) => signatures));
  expect(verifyCount).toBe(signatures.length);
});

test('no two chains are the same bytes', () => {
  const one = new Uint8Array([1]);
  const bytes = [
    signedBytes('a', 'Attack', [], [], 'general-0'),
    signedBytes('b', 'Attack', [], [], 'general-0'),
    signedBytes('a', 'Retreat', [], [], 'general-0'),
    signedBytes('a', 'Attack', ['general-0'], [one], 'general-1'),
    signedBytes('a', 'Attack', ['general-0'], [new Uint8Array()], 'general-1'),
    signedBytes('a', 'Attack', ['general-00'], [new Uint8Array()], 'general-1'),
  ];
  expect(new Set(bytes.map((one) => one.join(','))).size).toBe(bytes.length);
});
