/**
 * The fields of a form, each with its label.
 */
import { useId } from 'preact/hooks';

export function SelectField<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly hint?: string | undefined;
  readonly onChange: (value: Value) => void;
}) {
  const { label, value, options, hint, onChange } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Whole numbers; what is none is not taken over. */
export function NumberField(props: {
  readonly label: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly placeholder?: string;
  readonly onChange: (value: number) => void;
  /** The field was emptied. */
  readonly onClear?: () => void;
}) {
  const { label, value, min, max, placeholder, onChange, onClear } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        value={value ?? ''}
        min={min}
        max={max}
        step={1}
        placeholder={placeholder}
        onInput={({ currentTarget }) => {
          const given = currentTarget.valueAsNumber;
          if (currentTarget.value === '') onClear?.();
          else if (Number.isInteger(given) && given >= min && given <= max) onChange(given);
        }}
      />
    </div>
  );
}
