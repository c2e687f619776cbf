/** The part of JSONPath that rules take values from events with: `$.detail.items[0].id`. */

/** Names and indexes, from the outside in. */
export type JsonPath = readonly (string | number)[];

const STEP = /\.([\w/-]+)|\[(\d+)\]/g;
const PATH = /^\$(?:\.[\w/-]+|\[\d+\])*$/;

/** `undefined` for what is not understood here: wildcards among it. */
export function jsonPath(text: string): JsonPath | undefined {
  if (!PATH.test(text)) return undefined;
  return [...text.matchAll(STEP)].map(([, name, index]) => name ?? Number(index));
}

/** `undefined` where there is nothing. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce((part: unknown, step) => memberOf(part, step), value);
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([name]) => name === step)?.[1];
}
