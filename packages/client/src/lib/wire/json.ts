/** JSON that says what it is given, or nothing at all. */

/**
 * `undefined` for what JSON has no word for, alone or anywhere inside: `NaN` and the infinities, which would arrive as `null`,
 * a BigInt, a circle.
 */
export function jsonOf(data: unknown): string | undefined {
  try {
    // A BigInt in its place makes it fail.
    return JSON.stringify(data, (_key, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? 1n : value,
    );
  } catch {}
  return undefined;
}
