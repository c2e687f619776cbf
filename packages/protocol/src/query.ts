/** The only reader of query strings. With two readers, one might take the first of two values and the other one the last. */

import { ProtocolError } from './errors.ts';

export class Query {
  /** The length of the text. A URL is ASCII, so characters are bytes. */
  readonly bytes: number;
  readonly #parameters: URLSearchParams;

  /** @param text The query as it was sent, without the question mark. A `+` in it is a space. */
  constructor(text: string) {
    this.bytes = text.length;
    this.#parameters = new URLSearchParams(text);
  }

  get names(): readonly string[] {
    return [...new Set(this.#parameters.keys())];
  }

  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  all(name: string): readonly string[] {
    return this.#parameters.getAll(name);
  }

  /** @throws ProtocolError `bad-request` if there are different values. */
  one(name: string): string | undefined {
    return oneOf(name, this.all(name));
  }
}

/**
 * The value of a parameter that may have one value only, but may be sent several times.
 *
 * @throws ProtocolError `bad-request` if there are different values.
 */
export function oneOf(name: string, values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  if (others.length === 0) return value;
  throw new ProtocolError('bad-request', `The query has different values for ${name}.`);
}
