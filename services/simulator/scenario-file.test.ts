import { ServiceError } from '../runtime/index.js';
import { builtInScenarios, parseScenario, readScenarioFile } from './scenario-file.js';

const least = `
summary = "Nothing special."
[round]
general_count = 4
fault_count = 1
`;

describe('a scenario', () => {
  test.each([...builtInScenarios()])('%s of those that come with byz can be read', (name, path) => {
    const scenario = readScenarioFile(path);
    expect(scenario.name).toBe(name);
    expect(scenario.summary).toMatch(/\.$/);
  });

  test('takes defaults for what it does not say', () => {
    const scenario = parseScenario('least.toml', least);
    expect(scenario).toMatchObject({
      name: 'least',
      round: { count: 1, traitorCount: 1, phaseMs: 200, orders: ['Attack', 'Retreat'] },
      nodes: { count: 4 },
      network: { loss: 0, delayMs: [0.1, 2] },
      faults: [],
      expect: { verdicts: ['held'] },
    });
  });

  test.each([
    ['not TOML', 'summary = ', /^bad\.toml:1/],
    [
      'a missing key',
      least.replace('general_count = 4', ''),
      /round\.general_count: is missing; needed: a whole number/,
    ],
    ['a wrong value', `${least}[network]\nloss = 0.9`, /network\.loss: 0\.9 is not a number from 0 to 0\.5/],
    ['an unknown key', `${least}[network]\nlos = 0.1`, /network\.los: is unknown here, did you mean loss\?/],
    ['an unknown table', `${least}[netwrk]\n`, /netwrk: is unknown here, did you mean network\?/],
    ['a span upside down', `${least}[network]\ndelay_ms = [5, 1]`, /network\.delay_ms: \[5,1\] is not/],
    [
      'a mode that the protocol has not',
      least.replace('general_count', 'mode = "signed"\ngeneral_count'),
      /round\.mode: om runs as mailbox with a commander/,
    ],
    [
      'an unknown strategy',
      least.replace('fault', 'strategy = "flop"\nfault'),
      /round\.strategy: "flop" is unknown, did you mean flip/,
    ],
    ['too few generals', least.replace('= 4', '= 3'), /round\.fault_count: 1 needs n ≥ 3m \+ 1 \(3 < 4\)/],
    [
      'too many traitors',
      `${least}traitor_count = 2`,
      /round\.traitor_count: 2 is more than fault_count = 1/,
    ],
    ['a fault of nobody', `${least}${fault('crash', 'moon')}`, /fault\[0\]\.of: "moon" is unknown/],
    [
      'a fault of a node that is not there',
      `${least}${fault('crash', 'node-9')}`,
      /fault\[0\]\.of: "node-9" is none of the 4/,
    ],
    [
      'a crash of the space',
      `${least}${fault('crash', 'space')}`,
      /fault\[0\]\.kind: the space has only cut/,
    ],
    ['an unknown fault', `${least}${fault('melt', 'node')}`, /fault\[0\]\.kind: "melt" is unknown/],
  ])('%s is refused by its key', (_, text, message) => {
    let refusal: unknown;
    try {
      parseScenario('bad.toml', text);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ServiceError);
    expect((refusal as ServiceError).code).toBe('invalid_argument');
    expect((refusal as ServiceError).message).toMatch(message);
  });

  test('a file that cannot be read is not found', () => {
    expect(() => readScenarioFile('/nowhere/at-all.toml')).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});

function fault(kind: string, of: string): string {
  return `[[fault]]\nkind = "${kind}"\nof = "${of}"\nat_ms = 1\nfor_ms = 1\n`;
}
