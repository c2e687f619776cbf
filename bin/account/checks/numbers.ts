/** Numbers in sentences: `1 execution`, `10,000 requests`. */

const english = new Intl.NumberFormat('en-US');

export function amount(count: number, one: string, many = `${one}s`): string {
  return `${english.format(count)} ${count === 1 ? one : many}`;
}

export function number(value: number): string {
  return english.format(value);
}
