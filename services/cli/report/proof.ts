/**
 * What a replay proved, for people.
 */
import type { Replay, Trace } from '../../record/index.js';
import { endOf } from '../../record/index.js';
import { counted } from '../output/numbers.js';
import type { Style } from '../output/style.js';

/** What the replay says. */
export function proofLines(trace: Trace, replay: Replay, style: Style): readonly string[] {
  const { mismatches, messageCount } = replay;
  const decidedCount = replay.decisions.filter(({ recorded }) => recorded !== undefined).length;
  const verdict = replay.verdict === undefined ? '' : ' and the verdict';
  const what = `${counted(messageCount, 'message')}, ${counted(decidedCount, 'decision')}${verdict}`;
  const cut = endOf(trace) === undefined ? ['         the record ends before the round was over'] : [];
  if (replay.unproved !== undefined)
    return [`Replay   ${style.caution('not proved')}   ${replay.unproved}`, ...cut];
  const [first] = mismatches;
  if (first === undefined) {
    return [
      `Replay   ${style.good('follows')}   run again by the core on the record: ${what} are the same`,
      ...cut,
    ];
  }
  const more = mismatches.length - 1;
  return [
    `Replay   ${style.bad('MISMATCH')}   line ${first.index + 1} of the record does not follow from those before it`,
    `         ${first.because}`,
    ...(more === 0
      ? []
      : [
          `         ${counted(more, 'line')} after it ${more === 1 ? 'does' : 'do'} not follow either; --json lists all`,
        ]),
    ...cut,
  ];
}
