/** `Math.random` from a seed, for as long as something runs: the domain's own jitter has no port for it. */

export async function withSeededMath<Result>(
  random: () => number,
  run: () => Promise<Result>,
): Promise<Result> {
  const original = Math.random;
  Math.random = random;
  try {
    return await run();
  } finally {
    Math.random = original;
  }
}
