import { generalId, generalIds, generalIndex, isGeneralId } from './general-id.js';

describe('general ids', () => {
  it('count from 0 in canonical order', () => {
    expect(generalIds(3)).toEqual(['general-0', 'general-1', 'general-2']);
  });

  it('give their index back, with one digit and with several', () => {
    for (const index of [0, 9, 10, 123_456_789]) expect(generalIndex(generalId(index))).toBe(index);
  });

  it.each(['', 'general-', 'general-01', 'general--1', 'general-1 ', 'General-1', 'general-1234567890', '1'])(
    'refuse %j',
    (text) => {
      expect(isGeneralId(text)).toBe(false);
      expect(generalIndex(text)).toBeUndefined();
    },
  );
});
