/**
 * The rounds that the orchestrator keeps, the newest first.
 */
import { outcomeWord, protocolTitle } from '../../../record/index.js';
import type { RoundFacts } from '../../wire.js';
import { goToStage } from '../browser.js';
import { openRound, rounds, subject } from '../state/app.js';
import { Panel } from './panel.js';

export function RoundList() {
  return (
    <Panel id="rounds" title="Rounds">
      {rounds.value === undefined ? (
        <p class="faint">Waiting for the orchestrator…</p>
      ) : rounds.value.length === 0 ? (
        <p class="faint">No rounds yet. Start one above, or take a lesson.</p>
      ) : (
        <ul class="list scroll">
          {rounds.value.map((round) => (
            <RoundLine key={round.number} round={round} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RoundLine({ round }: { readonly round: RoundFacts }) {
  const { number, status, setting, traitors, verdict } = round;
  const isShown = subject.value.kind === 'round' && subject.value.number === number;
  const result = status === 'finished' ? outcomeWord(verdict) : status;
  return (
    <li>
      <button
        type="button"
        class="row"
        aria-current={isShown ? 'true' : undefined}
        onClick={() => {
          openRound(number);
          goToStage();
        }}
      >
        <b>{number}</b>
        <span>
          {protocolTitle({ setting })}, n = {setting.generals.length},{' '}
          {traitors.length === 1 ? '1 traitor' : `${traitors.length} traitors`}
        </span>
        <span class={`tag ${result.replace(' ', '-').toLowerCase()}`}>{result}</span>
      </button>
    </li>
  );
}
