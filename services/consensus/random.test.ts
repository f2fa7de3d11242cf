import { choose, hashWords, isSeed, random } from './random.js';

describe('random', () => {
  it('mixes words as MurmurHash3_x86_32 does', () => {
    expect(hashWords(0, [])).toBe(0);
    expect(hashWords(1, [])).toBe(0x514e28b7);
    expect(hashWords(0xffffffff, [])).toBe(0x81f16f39);
    expect(hashWords(0, [0xffffffff])).toBe(0x76293b50);
    expect(hashWords(0, [0x87654321])).toBe(0xf55b516b);
    expect(hashWords(0x5082edee, [0x87654321])).toBe(0x2362f9de);
  });

  it('depends on the seed, on every part, on their kinds and on their borders', () => {
    const draws = [
      random(1, 'ab', 'c'),
      random(2, 'ab', 'c'),
      random(1, 'a', 'bc'),
      random(1, 'abc'),
      random(1, 'c', 'ab'),
      random(1, 'ab', 'c', 0),
      random(1, 1),
      random(1, '1'),
      random(1, ''),
      random(1),
    ];
    expect(new Set(draws).size).toBe(draws.length);
  });

  it('gives each bit about as often as not', () => {
    for (let bit = 0; bit < 32; bit += 1) {
      let count = 0;
      for (let seed = 0; seed < 2_000; seed += 1) count += (random(seed, 'bit') >>> bit) & 1;
      expect(Math.abs(count - 1_000)).toBeLessThan(150);
    }
  });

  it('takes unsigned 32-bit integers as seeds and no others', () => {
    for (const seed of [0, 7, 2 ** 32 - 1]) expect(isSeed(seed)).toBe(true);
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(isSeed(seed)).toBe(false);
      expect(() => random(seed)).toThrow('seed');
    }
  });
});

describe('choose', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];

  it('takes as many as asked, each once, in the order of the list', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const chosen = choose(items, 3, seed);
      expect(chosen).toHaveLength(3);
      expect(items.filter((item) => chosen.includes(item))).toEqual(chosen);
    }
  });

  it('takes none of none, none when 0 are asked for, and all when more are asked for than there are', () => {
    expect(choose([], 2, 1)).toEqual([]);
    expect(choose(items, 0, 1)).toEqual([]);
    expect(choose(items, 9, 1)).toEqual(items);
  });

  it('finds every pair with some seed', () => {
    const pairs = new Set(Array.from({ length: 300 }, (_, seed) => choose(items, 2, seed, 'pairs').join()));
    expect(pairs.size).toBe(10);
  });
});
