/** JSON that keeps every value, or is refused. */

/**
 * `undefined` if JSON cannot express the data, or something inside it: `undefined`, a function, a BigInt, a circle, and `NaN` and
 * the infinities, which `JSON.stringify` alone would turn into `null`.
 */
export function jsonOf(data: unknown): string | undefined {
  try {
    // `JSON.stringify` throws at a BigInt, so one takes the place of each number that it would change.
    return JSON.stringify(data, (_key, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? 1n : value,
    );
  } catch {}
  return undefined;
}
