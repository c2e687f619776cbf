/** The one reader of a query string: no door takes the first of two values where another one takes the last. */

import { ProtocolError } from './errors.ts';

export class Query {
  /** Of the text as it was sent; it is ASCII, as a URL is. */
  readonly bytes: number;
  readonly #parameters: URLSearchParams;

  /** @param text as it was sent, without the question mark; `+` is a space in it. */
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

  /** @throws ProtocolError as `oneOf` does. */
  one(name: string): string | undefined {
    return oneOf(name, this.all(name));
  }
}

/**
 * The value of a parameter that has only one, however often it was sent.
 *
 * @throws ProtocolError `bad-request` when there are different ones.
 */
export function oneOf(name: string, values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  if (others.length === 0) return value;
  throw new ProtocolError('bad-request', `The query has different values for ${name}.`);
}
