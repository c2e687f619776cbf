/** Reads the schedules of rules that are rates. */

const RATE = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/;

const UNIT_MS = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

/**
 * Milliseconds between two events. `undefined` for other schedules.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function rateMs(expression: string): number | undefined {
  const [, count, unit = ''] = RATE.exec(expression) ?? [];
  const unitMs = UNIT_MS.get(unit);
  return unitMs && Number(count) * unitMs;
}
