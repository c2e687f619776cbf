/** The time of a request as API Gateway writes it. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `09/Feb/2024:18:11:43 +0000` */
export function requestTime(date: Date): string {
  const [day, clock] = [date.toISOString().slice(8, 10), date.toISOString().slice(11, 19)];
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
}
