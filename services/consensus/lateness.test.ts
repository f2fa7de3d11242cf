import { lostGenerals } from './lateness.js';
import { om } from './om.js';
import { ids, oral } from './testing/builders.js';

const setting = oral(4, 1);
const allSlots = [...om.slots(setting, 0), ...om.slots(setting, 1)];
const everyone = setting.generals;

describe('the lost', () => {
  it('are nobody when every slot was filled and everybody decided', () => {
    expect(lostGenerals({ setting, traitors: [], filled: allSlots, decided: everyone })).toEqual([]);
  });

  it('are loyal generals that left a slot empty, each with its first', () => {
    const filled = allSlots.filter(({ from }) => from !== 'general-2' && from !== 'general-0');
    expect(lostGenerals({ setting, traitors: [], filled, decided: everyone })).toEqual([
      { general: 'general-0', why: 'missed_slot', slot: { phase: 0, from: 'general-0', to: 'general-1' } },
      { general: 'general-2', why: 'missed_slot', slot: { phase: 1, from: 'general-2', to: 'general-1' } },
    ]);
  });

  it('are loyal generals that missed one slot of many', () => {
    const filled = allSlots.filter(({ from, to }) => !(from === 'general-1' && to === 'general-3'));
    expect(lostGenerals({ setting, traitors: [], filled, decided: everyone })).toMatchObject([
      { general: 'general-1', why: 'missed_slot', slot: { to: 'general-3' } },
    ]);
  });

  it('are loyal generals that did not decide', () => {
    expect(lostGenerals({ setting, traitors: [], filled: allSlots, decided: ids(0, 1, 3) })).toEqual([
      { general: 'general-2', why: 'no_decision' },
    ]);
  });

  it('are never traitors: those are faults already', () => {
    expect(lostGenerals({ setting, traitors: everyone, filled: [], decided: [] })).toEqual([]);
  });

  it('are not excused by slots that they do not owe', () => {
    const stray = { phase: 1, from: 'general-2', to: 'general-0' };
    const filled = [...allSlots.filter(({ from }) => from !== 'general-2'), stray];
    expect(lostGenerals({ setting, traitors: [], filled, decided: everyone })).toMatchObject([
      { general: 'general-2' },
    ]);
  });
});
