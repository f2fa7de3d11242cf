/**
 * A vote tree to walk through: arrow keys go up and down and open and close, Enter goes to the message that said it. The pattern is the
 * tree view of the ARIA Authoring Practices.
 */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { defaultVote } from '../../../consensus/index.js';
import { openLevels, type VoteLine, visibleLines } from '../state/vote-lines.js';

/** Lines that stand open at first. */
const linesMax = 40;

export function VoteTree(props: {
  readonly root: VoteLine;
  readonly label: string;
  readonly onGoTo: (index: number) => void;
}) {
  const { root, label, onGoTo } = props;
  /** Lines that a person has opened or closed. */
  const turned = useSignal<ReadonlyMap<string, boolean>>(new Map());
  const focused = useSignal(root.id);
  const tree = useRef<HTMLDivElement>(null);
  const depth = openLevels(root, linesMax);
  const levelOf = (line: VoteLine): number => line.id.split('/').length - 1;
  const isOpen = (line: VoteLine): boolean => turned.value.get(line.id) ?? levelOf(line) <= depth;
  const shown = visibleLines(root, isOpen);
  const at = Math.max(
    0,
    shown.findIndex(({ line }) => line.id === focused.value),
  );

  return (
    <div class="tree" role="tree" aria-label={label} ref={tree}>
      {shown.map(({ line, level }, i) => (
        <div
          key={line.id}
          class={`branch level-${Math.min(level, 8)}`}
          role="treeitem"
          aria-level={level}
          aria-expanded={line.children.length === 0 ? undefined : isOpen(line)}
          aria-selected={i === at}
          tabIndex={i === at ? 0 : -1}
          onKeyDown={onKey}
          onFocus={() => {
            focused.value = line.id;
          }}
          onClick={() => {
            if (line.children.length > 0) turn(line, !isOpen(line));
            if (line.index !== undefined) onGoTo(line.index);
          }}
        >
          <span class="twist" aria-hidden="true">
            {line.children.length === 0 ? '' : isOpen(line) ? '−' : '+'}
          </span>
          <Line line={line} />
        </div>
      ))}
    </div>
  );

  function turn(line: VoteLine, isOpenNow: boolean): void {
    turned.value = new Map([...turned.value, [line.id, isOpenNow]]);
  }

  function focus(place: number): void {
    const next = shown[Math.max(0, Math.min(place, shown.length - 1))];
    if (next === undefined) return;
    focused.value = next.line.id;
    const items = tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]');
    items?.[shown.indexOf(next)]?.focus();
  }

  function onKey(event: KeyboardEvent): void {
    const { line, parent } = shown[at] ?? {};
    if (line === undefined) return;
    const isParent = line.children.length > 0;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      ArrowRight: () => (isParent && !isOpen(line) ? turn(line, true) : focus(isParent ? at + 1 : at)),
      ArrowLeft: () =>
        isParent && isOpen(line) ? turn(line, false) : focus(shown.findIndex((one) => one.line === parent)),
      Home: () => focus(0),
      End: () => focus(shown.length - 1),
      Enter: () => line.index !== undefined && onGoTo(line.index),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    // The player has keys of the same names.
    event.stopPropagation();
    move();
  }
}

function Line({ line }: { readonly line: VoteLine }) {
  const { claim, heard, isSummary, isPending, isFalse, tally, value, children } = line;
  return (
    <span>
      {claim}{' '}
      {isSummary ? null : heard === undefined ? (
        <span class="faint">{isPending ? 'nothing yet' : `∅ nothing, so ${defaultVote}`}</span>
      ) : (
        <span class={heard}>{heard}</span>
      )}
      {isFalse ? <span class="false"> ! false</span> : null}
      {children.length === 0 ? null : (
        <span class="why">
          {' '}
          → {value === undefined ? (tally ?? 'open') : tally === undefined ? '' : `${tally}: `}
          {value === undefined ? null : <span class={value}>{value}</span>}
        </span>
      )}
    </span>
  );
}
