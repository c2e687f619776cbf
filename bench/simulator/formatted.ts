/** Numbers as the page shows them. */

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function seconds(ms: number): string {
  return ms < 10_000 ? (ms / 1000).toFixed(2) : (ms / 1000).toFixed(1);
}

export function dollars(value: number): string {
  return value.toLocaleString('en-US', { minimumSignificantDigits: 2, maximumSignificantDigits: 3 });
}
