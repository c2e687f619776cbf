/** The part of JSONPath that rules use to select values of events: `$.detail.items[0].id`. */

/** Names and indexes, from the outside in. */
export type JsonPath = readonly (string | number)[];

const STEP = /\.([\w/-]+)|\[(\d+)\]/g;
const PATH = /^\$(?:\.[\w/-]+|\[\d+\])*$/;

/** `undefined` for other syntax, such as wildcards. */
export function jsonPath(text: string): JsonPath | undefined {
  if (!PATH.test(text)) return undefined;
  return [...text.matchAll(STEP)].map(([, name, index]) => name ?? Number(index));
}

/** `undefined` if the path leads nowhere. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce((part: unknown, step) => memberOf(part, step), value);
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([name]) => name === step)?.[1];
}
