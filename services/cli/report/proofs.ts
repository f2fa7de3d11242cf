/**
 * Proofs for people: what was gone through, what broke, and the smallest treason that does it.
 */
import type { Message, RoundPlan, TwinViews } from '../../consensus/index.js';
import type { Proved } from '../documents/adversary-document.js';
import { grouped } from '../output/numbers.js';
import type { Style } from '../output/style.js';
import { alignedTable, plainTable } from '../output/table.js';
import { decisionsText, predictedDecisions } from '../plan/plan-file.js';

export interface ProofReportOptions {
  readonly style: Style;
  readonly isPlain: boolean;
  readonly notCovered: readonly string[];
  /** A treason to show in full. */
  readonly witness: RoundPlan | undefined;
}

export function proofReport(proved: readonly Proved[], options: ProofReportOptions): string {
  const { style, isPlain, notCovered, witness } = options;
  const head = ['claim', 'behaviours', 'evaluations', 'violations', 'time', 'result'];
  const rows = proved.map(({ claim, isWithin, proof, elapsedMs }) => [
    claim.title,
    grouped(proof.behaviours),
    grouped(proof.evaluations),
    grouped(proof.violations),
    `${(elapsedMs / 1_000).toFixed(2)} s`,
    resultOf({ violations: proof.violations, isWithin }, style),
  ]);
  const table = isPlain ? plainTable({ head, rows }) : alignedTable({ head, rows });
  const lines = [table, ''];
  if (witness !== undefined) lines.push(...witnessLines(witness), '');
  const convictions = convictionLines(proved, style);
  if (convictions.length > 0) lines.push(...convictions, '');
  lines.push('not covered:', ...notCovered.map((one) => `  ${one}`));
  return lines.join('\n');
}

/** The two rounds side by side, as one loyal general sees them. */
export function viewsReport({ observer, rounds, areEqual }: TwinViews): string {
  const [first, second] = rounds;
  const rows = Array.from({ length: Math.max(first.view.length, second.view.length) }, (_, i) => [
    textOf(first.view[i]),
    textOf(second.view[i]),
  ]);
  return [
    `Two rounds of three generals, as ${observer}, who is loyal, sees them.`,
    '',
    `round A: ${first.what}`,
    `round B: ${second.what}`,
    '',
    alignedTable({ head: ['in round A it is told', 'in round B it is told'], rows }),
    '',
    areEqual ? 'The two views are equal, byte for byte.' : 'The two views differ.',
    `In A it must decide ${first.must}.`,
    `In B it must decide ${second.must}.`,
    `It decides ${first.decision} in A and ${second.decision} in B, and no rule could do better in both.`,
  ].join('\n');
}

function resultOf({ violations, isWithin }: { violations: bigint; isWithin: boolean }, style: Style): string {
  if (violations === 0n) return isWithin ? style.good('holds') : style.caution('holds, not promised');
  return isWithin ? style.bad('VIOLATED') : style.caution('breaks, not promised');
}

function witnessLines(plan: RoundPlan): readonly string[] {
  const acts = plan.traitors.flatMap((spec) => (spec.strategy === 'table' ? spec.acts : []));
  return [
    `the first treason that works, made as small as it can be (${givenText(plan)}):`,
    ...acts.map(({ phase, from, to, path, act }) => {
      const way = path.length > 1 ? ` by way of ${path.join(' > ')}` : '';
      return `  phase ${phase}: ${from} tells ${to} ${act}${way}`;
    }),
    ...(acts.length === 0 ? ['  no lie at all: it is enough to propose something else'] : []),
    `  decisions: ${decisionsText(predictedDecisions(plan))}`,
  ];
}

function givenText({ setting, order, inputs = new Map(), traitors }: RoundPlan): string {
  if (!setting.isCouncil) return `order ${order}`;
  const loyal = setting.generals.filter((id) => !traitors.some(({ general }) => general === id));
  return `inputs: ${loyal.map((id) => `${id} ${inputs.get(id) ?? order}`).join(', ')}`;
}

/** Only signatures can convict anybody. */
function convictionLines(proved: readonly Proved[], style: Style): readonly string[] {
  const signed = proved.filter(({ claim }) => claim.setting.mode === 'signed');
  const wronged = signed.filter(({ proof }) => proof.convictedLoyal.length > 0);
  if (wronged.length > 0) {
    return wronged.map(({ claim, proof }) =>
      style.bad(`${claim.title}: some behaviour convicts the loyal ${proof.convictedLoyal.join(', ')}`),
    );
  }
  return signed.length === 0 ? [] : ['no behaviour among signed messages convicts a loyal general'];
}

function textOf(message: Message | undefined): string {
  if (message === undefined) return '';
  const said = message.entries.map(({ vote, path }) => `${vote} by ${path.join(' > ')}`).join(', ');
  return `phase ${message.phase}, ${message.from}: ${said}`;
}
