/** What a worker of the kind `runtime` does before it ends: its files share what lives longer than any of them. */

type Close = () => Promise<void>;

/** Vitest loads the environment of a worker apart from its test files, so that a variable of a module would not be the same one. */
const KEY = Symbol.for('fanfare: at the end of this worker');

function closings(): Close[] {
  const known: unknown = Reflect.get(globalThis, KEY);
  if (isClosings(known)) return known;
  const none: Close[] = [];
  Reflect.set(globalThis, KEY, none);
  return none;
}

function isClosings(value: unknown): value is Close[] {
  return Array.isArray(value);
}

export function atEndOfWorker(close: Close): void {
  closings().push(close);
}

export async function endWorker(): Promise<void> {
  await Promise.all(closings().map((close) => close()));
}
