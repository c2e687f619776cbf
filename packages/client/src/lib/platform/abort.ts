/** Listens to the signals of the application. Node warns of a leak when one signal has more than ten listeners. */

import { type Cancel, nothingPlanned } from './clock.ts';

/** All that runs when a signal aborts, behind the one listener that the signal has. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

function aborted(this: AbortSignal): void {
  for (const run of waiting.get(this) ?? []) run();
}

/** Calls `run` when the signal aborts, not if it has aborted before. Returns the function that stops listening. */
export function onAbort(signal: AbortSignal | undefined, run: () => void): Cancel {
  if (!signal) return nothingPlanned;
  const runs = waiting.get(signal) ?? new Set();
  waiting.set(signal, runs.add(run));
  // A listener that is already there is not added again.
  signal.addEventListener('abort', aborted);
  return () => {
    runs.delete(run);
    if (!runs.size) signal.removeEventListener('abort', aborted);
  };
}
