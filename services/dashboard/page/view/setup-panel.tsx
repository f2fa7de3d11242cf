/**
 * Setting up a round: what it is, who is a traitor, what it costs and promises, and the button that starts it.
 */
import type { Mode, StrategyName, Vote } from '../../../consensus/index.js';
import { protocolNamed, protocols, strategies } from '../../../consensus/index.js';
import { drawSeed } from '../browser.js';
import { edit, isStarting, isWritable, price, setup, start } from '../state/app.js';
import { generalCountMax, type Setup } from '../state/setup.js';
import { NumberField, SelectField } from './fields.js';
import { Panel } from './panel.js';
import { RoleTable } from './role-table.js';

export function SetupPanel() {
  return (
    <Panel id="setup" title="Set up a round">
      {setup.value === undefined ? (
        <p class="faint">Waiting for the orchestrator…</p>
      ) : (
        <Form setup={setup.value} />
      )}
    </Panel>
  );
}

function Form({ setup }: { readonly setup: Setup }) {
  const family = protocolNamed(setup.protocol);
  const forms = family?.variants ?? [];
  const hasCouncil = forms.some(({ mode, isCouncil }) => mode === setup.mode && isCouncil);
  const hasCommander = forms.some(({ mode, isCouncil }) => mode === setup.mode && !isCouncil);
  return (
    <form
      class="setup"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <SelectField
        label="Protocol"
        value={setup.protocol}
        options={protocols.map(({ name, title, isBaseline }) => ({
          value: name,
          label: isBaseline ? `${title} (a broken baseline)` : title,
        }))}
        hint={family?.summary}
        onChange={(value) => edit({ protocol: protocolNamed(value)?.name ?? 'om', mode: modeOf(value) })}
      />
      <div class="pair">
        <NumberField
          label="Generals, n"
          value={setup.generalCount}
          min={2}
          max={generalCountMax}
          onChange={(generalCount) => edit({ generalCount })}
        />
        <NumberField
          label="Withstands, m"
          value={setup.faultCount}
          min={0}
          max={setup.generalCount}
          onChange={(faultCount) => edit({ faultCount })}
        />
      </div>
      <div class="pair">
        <SelectField
          label="Messages"
          value={setup.mode}
          options={[...new Set(forms.map(({ mode }) => mode))].map((mode) => ({
            value: mode,
            label: modeNames[mode],
          }))}
          onChange={(mode) => edit({ mode })}
        />
        <SelectField
          label="Form"
          value={setup.isCouncil ? 'council' : 'commander'}
          options={[
            ...(hasCommander ? [{ value: 'commander', label: 'commander' }] : []),
            ...(hasCouncil ? [{ value: 'council', label: 'council' }] : []),
          ]}
          onChange={(form) => edit({ isCouncil: form === 'council' })}
        />
      </div>
      <SelectField
        label={setup.isCouncil ? 'Most propose' : 'Order'}
        value={setup.order}
        options={(['Attack', 'Retreat'] as const).map((vote) => ({ value: vote, label: vote }))}
        onChange={(order: Vote) => edit({ order })}
      />
      <SelectField
        label="Traitors"
        value={setup.traitors === undefined ? 'drawn' : 'picked'}
        options={[
          { value: 'drawn', label: `${setup.faultCount} drawn by the seed` },
          { value: 'picked', label: 'picked below' },
        ]}
        onChange={(how) => edit({ traitors: how === 'picked' ? new Map() : undefined })}
      />
      {setup.traitors === undefined ? (
        <SelectField
          label="They betray by"
          value={setup.strategy}
          options={strategyOptions}
          hint={strategies.find(({ name }) => name === setup.strategy)?.summary}
          onChange={(strategy: StrategyName) => edit({ strategy })}
        />
      ) : null}
      {setup.traitors !== undefined || setup.isCouncil ? <RoleTable setup={setup} /> : null}
      <div class="pair">
        <NumberField
          label="Seed"
          value={setup.seed}
          min={0}
          max={2 ** 32 - 1}
          placeholder="drawn"
          onChange={(seed) => edit({ seed })}
          onClear={() => edit({ seed: undefined })}
        />
        <NumberField
          label="Phase, ms"
          value={setup.phaseMs}
          min={1}
          max={3_600_000}
          onChange={(phaseMs) => edit({ phaseMs })}
        />
      </div>
      <button type="button" class="quiet" onClick={() => edit({ seed: drawSeed() })}>
        Draw a seed, to keep it in the link
      </button>
      <PriceLine />
      <button type="submit" class="primary" disabled={!isWritable.value || isStarting.value || hasProblem()}>
        {isStarting.value ? 'Starting…' : 'Start the round'}
      </button>
      {isWritable.value ? null : <p class="faint">A page without a key cannot start rounds.</p>}
    </form>
  );
}

function PriceLine() {
  const now = price.value;
  if (now === undefined) return null;
  const { bound, cost, isPromised, problem, traitorCount } = now;
  const count = (many: number, noun: string) =>
    `${many.toLocaleString('en-US')} ${noun}${many === 1 ? '' : 's'}`;
  return (
    <div class={`price ${isPromised ? 'inside' : 'outside'}`} role="status">
      <p>
        <b>{bound.rule}</b> · {bound.numbers} · {bound.isWithin ? 'inside the bound' : 'outside the bound'}
      </p>
      <p>
        {count(cost.phaseCount, 'phase')}, {count(cost.messageCount, 'message')} in{' '}
        {count(cost.tupleCount, 'tuple')}
      </p>
      {isPromised ? null : (
        <p>
          <b>Nothing is promised</b>
          {bound.isWithin ? `: ${count(traitorCount, 'traitor')}, and it is made to withstand fewer` : ''}. It
          runs all the same; that is how to see why.
        </p>
      )}
      {problem === undefined ? null : <p class="bad">{problem}</p>}
    </div>
  );
}

function hasProblem(): boolean {
  return price.value?.problem !== undefined;
}

function modeOf(protocol: string): Mode {
  return protocolNamed(protocol)?.variants[0]?.mode ?? 'mailbox';
}

const modeNames: Readonly<Record<Mode, string>> = {
  mailbox: 'by mail',
  signed: 'signed',
  board: 'on a board',
};

export const strategyOptions = strategies.map(({ name }) => ({ value: name, label: name }));
