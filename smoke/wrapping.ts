/** Puts the marks by which facts know their messages into data of the form that the application expects, and reads them there. */

import { CommandLineError } from '../bin/command-line.ts';

export type Mark = string | number;

export interface Wrapping {
  wrap(mark: Mark): unknown;
  /** The mark as text; `undefined` for other data. */
  unwrap(data: unknown): string | undefined;
}

const textOf = (data: unknown) =>
  typeof data === 'string' || typeof data === 'number' ? String(data) : undefined;

/** The mark itself is the data. */
export const BARE: Wrapping = { wrap: (mark) => mark, unwrap: textOf };

/** Stands for the mark in the data that the operator has given. */
const HERE = '$';

/**
 * @param json Any JSON that has the text `$` once: `{"text":"$"}`.
 * @throws CommandLineError for anything else.
 */
export function wrappingOf(json: string): Wrapping {
  const template = parsed(json);
  const path = pathOf(template);
  if (path === undefined)
    throw new CommandLineError(`--message takes JSON that has "${HERE}" in it, such as {"text":"${HERE}"}.`);
  return {
    wrap: (mark) => replaced(template, path, String(mark)),
    unwrap: (data) => textOf(path.reduce(memberOf, data)),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function pathOf(value: unknown): readonly string[] | undefined {
  if (value === HERE) return [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const below = pathOf(member);
    if (below) return [name, ...below];
  }
  return undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

function replaced(value: unknown, [name, ...below]: readonly string[], mark: string): unknown {
  if (name === undefined) return mark;
  const copy: unknown = structuredClone(value);
  if (Array.isArray(copy)) return copy.with(Number(name), replaced(copy[Number(name)], below, mark));
  return { ...Object(copy), [name]: replaced(memberOf(copy, name), below, mark) };
}
