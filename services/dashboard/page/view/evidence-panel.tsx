/**
 * Who did wrong, each statement by what it is worth: proof, the record, what a general can infer, and mere suspicion.
 */
import type { ComponentChildren } from 'preact';
import { counted, deviationWords, explanationWords } from '../../../record/index.js';
import type { EvidenceFacts } from '../../wire.js';
import { stage } from '../state/app.js';
import { gathered } from '../state/evidence.js';
import { lesson } from '../state/lesson.js';
import { Panel } from './panel.js';

export function EvidencePanel() {
  if (stage.trace.value === undefined) return null;
  const now = gathered.value;
  const isTold = lesson.value === undefined || stage.current.value?.kind === 'ended';
  return (
    <Panel id="evidence" title="Suspicion and evidence">
      {now.kind === 'there' && isTold ? (
        <Statements evidence={now.evidence} />
      ) : (
        <p class="faint">
          {now.kind === 'not-there'
            ? `Nothing was gathered: ${now.because}.`
            : 'It is gathered when the round is over.'}
        </p>
      )}
    </Panel>
  );
}

function Statements({ evidence }: { readonly evidence: EvidenceFacts }) {
  const { proven, attested, inferred, absent } = evidence;
  const { setting, traitors } = stage.trace.value?.started ?? {};
  if (setting === undefined) return null;
  const treacherous = new Set(traitors?.map(({ general }) => general));
  const honest = inferred.filter(({ by }) => !treacherous.has(by));
  const isClean = [proven, attested, honest, absent].every(({ length }) => length === 0);
  if (isClean) return <p>The record speaks against nobody.</p>;
  return (
    <div class="evidence">
      <Part
        title="Proof"
        worth="convinces a stranger"
        isEmpty={proven.length === 0}
        none={noProof(setting.mode)}
      >
        {proven.map((proof) => (
          <Proof key={proof.signer} proof={proof} />
        ))}
      </Part>
      <Part title="Record" worth="worth the word of the space" isEmpty={attested.length === 0}>
        {attested.map(({ general, count, first }) => (
          <li key={general}>
            <b>{general}</b> {deviationWords(first)}
            {count > 1 ? `; ${counted(count, 'such value')} in all` : ''}
          </li>
        ))}
      </Part>
      <Part title="Inference" worth="for the general itself alone" isEmpty={honest.length === 0}>
        {honest.map(({ by, explanations }) => (
          <li key={by}>
            <b>{by}</b>: if at most {setting.traitorsMax} lied, {explanationWords(explanations)}
          </li>
        ))}
      </Part>
      <Part title="Suspicion" worth="a crash explains it as well" isEmpty={absent.length === 0}>
        {absent.map(({ general, count, first }) => (
          <li key={general}>
            <b>{general}</b> was not heard in {counted(count, 'slot')}, first in phase {first.phase} by{' '}
            {first.to}
          </li>
        ))}
      </Part>
    </div>
  );
}

function noProof(mode: string): string | undefined {
  return mode === 'signed' ? undefined : 'none: only signed messages give one';
}

function Part(props: {
  readonly title: string;
  readonly worth: string;
  readonly isEmpty: boolean;
  /** What is said where there is nothing; absent: then the part is left out. */
  readonly none?: string | undefined;
  readonly children: ComponentChildren;
}) {
  const { title, worth, isEmpty, none, children } = props;
  if (isEmpty && none === undefined) return null;
  return (
    <div>
      <h3>
        {title} <span class="faint">{isEmpty ? '' : worth}</span>
      </h3>
      {isEmpty ? <p class="faint">{none}</p> : <ul class="statements">{children}</ul>}
    </div>
  );
}

function Proof({ proof }: { readonly proof: EvidenceFacts['proven'][number] }) {
  const { signer, orders, publicKey } = proof;
  return (
    <li>
      <b>{signer}</b> signed both {orders.map(({ vote }) => vote).join(' and ')}
      <details>
        <summary>both statements, as they are</summary>
        <dl class="raw">
          <dt>public key</dt>
          <dd>
            <code>{publicKey === '' ? 'of the model' : publicKey}</code>
          </dd>
          {orders.map(({ vote, bytes, signature }) => (
            <>
              <dt>{vote}: what was signed, and the signature</dt>
              <dd>
                <code>{bytes}</code>
                <br />
                <code>{signature}</code>
              </dd>
            </>
          ))}
        </dl>
      </details>
    </li>
  );
}
