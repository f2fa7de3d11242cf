/**
 * Changing what a traitor said: offered where the player stands at a message of one.
 */
import { useSignal } from '@preact/signals';
import { pathWords } from '../../../record/index.js';
import { change } from '../state/app.js';
import type { Change } from '../state/fork.js';
import { changeable } from '../state/fork-view.js';
import { SelectField } from './fields.js';

const acts = [
  { value: 'Attack', label: 'Attack' },
  { value: 'Retreat', label: 'Retreat' },
  { value: 'nothing', label: 'nothing at all' },
] as const;

export function ForkEditor() {
  const now = changeable.value;
  if (now === undefined) return null;
  return (
    <Editor
      key={now.index}
      index={now.index}
      entries={now.message.entries}
      from={now.message.from}
      to={now.message.to}
    />
  );
}

function Editor(props: {
  readonly index: number;
  readonly from: string;
  readonly to: string;
  readonly entries: readonly { readonly path: readonly string[]; readonly vote: string }[];
}) {
  const { index, from, to, entries } = props;
  const isOne = entries.length === 1;
  const other = entries[0]?.vote === 'Attack' ? 'Retreat' : 'Attack';
  const act = useSignal<Change['act']>(other);
  const place = useSignal('');
  return (
    <form
      class="fork-editor"
      onSubmit={(event) => {
        event.preventDefault();
        const path = place.value === '' ? {} : { path: place.value.split('>') };
        change.value = { index, act: act.value, ...path };
        document.getElementById('fork')?.scrollIntoView();
      }}
    >
      <p>
        What if {from} had told {to}
      </p>
      {isOne ? null : (
        <SelectField
          label="Which value"
          value={place.value}
          options={[
            { value: '', label: `all ${entries.length}` },
            ...entries.map(({ path }) => ({
              value: path.join('>'),
              label: `of ${pathWords(path.slice(0, -1))}`,
            })),
          ]}
          onChange={(value) => {
            place.value = value;
          }}
        />
      )}
      <SelectField
        label="Instead"
        value={act.value}
        options={acts}
        onChange={(value) => {
          act.value = value;
        }}
      />
      <button type="submit">Fork here</button>
    </form>
  );
}
