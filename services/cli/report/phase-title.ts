/**
 * What the generals do in a phase, in a few words.
 */
import type { Setting } from '../../consensus/index.js';

/** Such as `phase 1 · what each heard in phase 0`. */
export function phaseTitle(setting: Setting, phase: number): string {
  return `phase ${phase} · ${contentOf(setting, phase)}`;
}

function contentOf(setting: Setting, phase: number): string {
  const { protocol, mode, isCouncil } = setting;
  if (phase === 0 && !isCouncil) return mode === 'board' ? 'the order, on the board' : 'the order';
  if (mode === 'board') return 'what each proposes, on the board';
  // With a commander the council begins one phase later.
  const councilPhase = isCouncil ? phase : phase - 1;
  if (protocol === 'king') return kingContent(setting, councilPhase, ['votes', 'proposals', 'its word']);
  if (protocol === 'phase-king') return kingContent(setting, councilPhase, ['votes', 'its word']);
  if (phase === 0) return 'what each proposes';
  if (protocol === 'sm') return `what is new since phase ${phase - 1}, signed`;
  return `what each heard in phase ${phase - 1}`;
}

function kingContent({ generals }: Setting, councilPhase: number, steps: readonly string[]): string {
  const king = generals[Math.floor(councilPhase / steps.length)] ?? '';
  return `${king} is king: ${steps[councilPhase % steps.length] ?? ''}`;
}
