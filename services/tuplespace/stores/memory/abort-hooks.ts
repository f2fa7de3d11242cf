/**
 * What to do when a signal is aborted. Many calls may share one signal, such as that of a process that shuts
 * down: they share one listener on it too, because a signal looks through all its listeners to remove one,
 * and Node warns of more than ten.
 */

const hooksBySignal = new WeakMap<AbortSignal, Set<() => void>>();

/** Runs `hook` when the signal is aborted, unless the returned function was called before. */
export function onAbort(signal: AbortSignal | undefined, hook: () => void): () => void {
  if (signal === undefined) return () => {};
  const hooks = hooksBySignal.get(signal) ?? listen(signal);
  hooks.add(hook);
  return () => hooks.delete(hook);
}

/** The one listener stays as long as the signal does; without hooks it does nothing. */
function listen(signal: AbortSignal): Set<() => void> {
  const hooks = new Set<() => void>();
  hooksBySignal.set(signal, hooks);
  const run = () => {
    for (const hook of hooks) hook();
    hooks.clear();
  };
  signal.addEventListener('abort', run, { once: true });
  return hooks;
}
