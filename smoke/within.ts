/** Limits to waiting: for a promise, and for a state that has to be asked for again and again. */

/** @throws Error that names what did not come in time, or the error of the promise. */
export function within<Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} did not come within ${ms} ms`)), ms);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

/** How often a state is asked for. Milliseconds. */
const POLL_EVERY_MS = 250;

/**
 * Asks until the answer is the one that is waited for.
 *
 * @returns the last answer, also if it is not the one that is waited for: the caller shows it.
 */
export async function pollUntil<Answer>(
  limitMs: number,
  ask: () => Promise<Answer>,
  isThere: (answer: Answer) => boolean,
  everyMs = POLL_EVERY_MS,
): Promise<Answer> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isThere(answer) || performance.now() + everyMs > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
