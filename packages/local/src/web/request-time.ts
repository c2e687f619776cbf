/** The time of a request as API Gateway writes it. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The text of the last second, which all its messages share. */
let last = { second: 0, text: '01/Jan/1970:00:00:00 +0000' };

/**
 * `09/Feb/2024:18:11:43 +0000`
 *
 * @param time Milliseconds since 1970.
 */
export function requestTime(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== last.second) last = { second, text: written(new Date(time)) };
  return last.text;
}

function written(date: Date): string {
  const [day, clock] = [date.toISOString().slice(8, 10), date.toISOString().slice(11, 19)];
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
}
