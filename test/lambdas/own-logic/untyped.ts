/** Values that the compiler would refuse, as they come from files that it has not checked. */

export function untyped(value: unknown) {
  return Object({ value }).value;
}
