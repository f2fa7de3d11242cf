/**
 * The keys, in a dialog; and the listener that they work by.
 */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { stage } from '../state/app.js';
import { keyName, playerKeys } from '../state/keys.js';

const isOpen = signal(false);
/** Keys of one letter get in the way of some ways to speak to a browser, so they can be switched off. */
const areOn = signal(true);

export function openHelp(): void {
  isOpen.value = true;
}

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    if (isOpen.value && dialog.current?.open === false) dialog.current.showModal();
  }, [isOpen.value]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      onClose={() => {
        isOpen.value = false;
      }}
    >
      <h2 id="help-title">Keys</h2>
      <table class="keys">
        <tbody>
          {playerKeys.map(({ shown, does }) => (
            <tr key={shown}>
              <th scope="row">
                <kbd>{shown}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">
              <kbd>?</kbd>
            </th>
            <td>this help</td>
          </tr>
        </tbody>
      </table>
      <label class="check">
        <input
          type="checkbox"
          checked={areOn.value}
          onChange={({ currentTarget }) => {
            areOn.value = currentTarget.checked;
          }}
        />
        <span>these keys work</span>
      </label>
      <p class="faint">In a field, a list or a vote tree, keys do what they do there.</p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

function onKey(event: KeyboardEvent): void {
  const name = keyName(event);
  if (name === undefined || !areOn.value) return;
  if (event.key === '?') openHelp();
  const found = playerKeys.find(({ keys }) => keys.includes(name));
  if (found === undefined || stage.trace.value === undefined) return;
  event.preventDefault();
  found.act(stage);
}
