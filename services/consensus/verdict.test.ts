import type { LostGeneral } from './lateness.js';
import type { Vote } from './protocol.js';
import { ids, oral } from './testing/builders.js';
import { type JudgedRecord, judge, summary } from './verdict.js';

/** A round of OM(1) with 4 generals, the last a traitor, in which everybody loyal obeyed. */
function record(changes: Partial<JudgedRecord> & { votes?: Record<number, Vote> } = {}): JudgedRecord {
  const { votes = { 0: 'Attack', 1: 'Attack', 2: 'Attack' }, ...rest } = changes;
  return {
    setting: oral(4, 1),
    order: 'Attack',
    traitors: ids(3),
    lost: [],
    decisions: new Map(Object.entries(votes).map(([index, vote]) => [`general-${index}`, vote])),
    isOver: true,
    ...rest,
  };
}

function lost(...indexes: number[]): LostGeneral[] {
  return ids(...indexes).map((general) => ({ general, why: 'no_decision' }));
}

function statuses(of: JudgedRecord): string[] {
  const { agreement, validity, termination } = judge(of);
  return [agreement.status, validity.status, termination.status, summary(judge(of))];
}

describe('within the assumptions', () => {
  it('kept is held, and names its witnesses', () => {
    const verdict = judge(record());
    expect(statuses(record())).toEqual(['holds', 'holds', 'holds', 'held']);
    expect(verdict).toMatchObject({ isWithin: true, faultCount: 1, lost: [], bound: { numbers: '4 ≥ 4' } });
    expect(verdict.agreement.witness).toEqual(ids(0, 1, 2));
    expect(verdict.agreement.because).toBe('3 loyal generals decided Attack and none otherwise');
  });

  it('two decisions are a violated agreement, shown by two generals', () => {
    const split = record({ votes: { 0: 'Attack', 1: 'Retreat', 2: 'Attack' } });
    expect(statuses(split)).toEqual(['violated', 'violated', 'holds', 'violated']);
    expect(judge(split).agreement).toMatchObject({
      because: 'general-0 decided Attack and general-1 decided Retreat',
      witness: ids(0, 1),
    });
    expect(judge(split).validity.witness).toEqual(ids(1));
  });

  it('agreeing on the wrong thing violates validity alone', () => {
    const disobeyed = record({ votes: { 0: 'Retreat', 1: 'Retreat', 2: 'Retreat' } });
    expect(statuses(disobeyed)).toEqual(['holds', 'violated', 'holds', 'violated']);
  });

  it('what a traitor decided is not judged', () => {
    const votes = { 0: 'Attack', 1: 'Attack', 2: 'Attack', 3: 'Retreat' } as const;
    expect(statuses(record({ votes }))).toEqual(['holds', 'holds', 'holds', 'held']);
  });

  it('the order of a traitor binds nobody, and validity says so', () => {
    const betrayed = record({ traitors: ids(0), votes: { 1: 'Retreat', 2: 'Retreat', 3: 'Retreat' } });
    expect(statuses(betrayed)).toEqual(['holds', 'holds', 'holds', 'held']);
    expect(judge(betrayed).validity.because).toBe('general-0 is a traitor, so its order binds nobody');
  });

  it('a lost general is a fault, and what it decided is not judged', () => {
    const late = record({
      traitors: [],
      lost: lost(2),
      votes: { 0: 'Attack', 1: 'Attack', 2: 'Retreat', 3: 'Attack' },
    });
    expect(statuses(late)).toEqual(['holds', 'holds', 'holds', 'held']);
    expect(judge(late)).toMatchObject({ isWithin: true, faultCount: 1, lost: ids(2) });
  });

  it('the order of a lost commander binds nobody', () => {
    const late = record({ traitors: [], lost: lost(0), votes: { 1: 'Retreat', 2: 'Retreat', 3: 'Retreat' } });
    expect(statuses(late)).toEqual(['holds', 'holds', 'holds', 'held']);
    expect(judge(late).validity.because).toBe('general-0 was late or lost, so its order binds nobody');
  });

  it('a decision that never came violates termination alone', () => {
    const undecided = record({ votes: { 0: 'Attack', 1: 'Attack' } });
    expect(statuses(undecided)).toEqual(['holds', 'holds', 'violated', 'violated']);
    expect(judge(undecided).termination.witness).toEqual(ids(2));
  });
});

describe('outside the assumptions', () => {
  it.each([
    {
      why: 'n = 3m',
      changes: { setting: oral(3, 1), traitors: ids(2), votes: { 0: 'Attack', 1: 'Attack' } as const },
    },
    {
      why: 'more traitors than m',
      changes: { traitors: ids(2, 3), votes: { 0: 'Attack', 1: 'Attack' } as const },
    },
    {
      why: 'a lost general beside the traitor',
      changes: { lost: lost(2), votes: { 0: 'Attack', 1: 'Attack' } as const },
    },
  ])('what was kept was luck: $why', ({ changes }) => {
    expect(statuses(record(changes))).toEqual(['not_promised', 'not_promised', 'not_promised', 'outside']);
    expect(judge(record(changes)).agreement.because).toMatch(/^held this time by luck: /);
  });

  it('what was broken had not been promised', () => {
    const setting = oral(3, 1);
    const broken = record({ setting, traitors: ids(2), votes: { 0: 'Attack', 1: 'Retreat' } });
    expect(statuses(broken)).toEqual(['violated', 'violated', 'not_promised', 'outside']);
    expect(judge(broken).validity.because).toMatch(/^nothing was promised, and general-1 decided Retreat/);
  });

  it('nobody is bound when everybody is a traitor', () => {
    const verdict = judge(record({ traitors: ids(0, 1, 2, 3), votes: {} }));
    expect(verdict.agreement.status).toBe('not_promised');
    expect(verdict.termination.because).toMatch(/there is no loyal general/);
  });
});

describe('a round that is not over', () => {
  it('is unknown while decisions are missing', () => {
    const running = record({ isOver: false, votes: { 0: 'Attack', 1: 'Attack' } });
    expect(statuses(running)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(judge(running).termination).toMatchObject({
      because: 'the round is not over and general-2 has not decided',
      witness: ids(2),
    });
  });

  it('is violated as soon as two decisions differ, and held as soon as all are there', () => {
    const split = record({ isOver: false, votes: { 0: 'Attack', 1: 'Retreat' } });
    expect(statuses(split)).toEqual(['violated', 'violated', 'unknown', 'violated']);
    expect(statuses(record({ isOver: false }))).toEqual(['holds', 'holds', 'holds', 'held']);
  });
});
