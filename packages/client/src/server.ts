/** The client for servers: every operation of the HTTP API as a typed method. For Node.js and whatever else has `fetch`. */

import { operations, refusal, replySchemas } from 'fanfare-protocol/operations';
import type { OperationName, OperationReply, OperationRequest } from 'fanfare-protocol/server-operations';
import * as v from 'valibot';
import { FanfareError, localError } from './lib/wire/errors.ts';
import { jsonOf } from './lib/wire/json.ts';

export interface ServerOptions {
  /** A token for servers (`npm run -s token -- --server --user billing`), or a function that gets one for each request. */
  readonly token: string | (() => string | Promise<string>);
  /** @default the platform's own; for IAM, one that signs requests */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * The HTTP API of a stage.
 *
 * @example
 * const fanfare = new FanfareServer('https://….execute-api.….amazonaws.com/prod', { token });
 * await fanfare.call('publish', { channels: ['public:news'], data: 'Hello', key: 'news-17' });
 */
export class FanfareServer {
  readonly #url: string;
  readonly #options: ServerOptions;

  /** @param url The output `ApiUrl` of the stack, or `http://localhost:8080/local`. */
  constructor(url: string, options: ServerOptions) {
    this.#url = url.replace(/\/+$/, '');
    this.#options = options;
  }

  /**
   * Runs an operation of the table in `packages/protocol/src/operations.ts`. To repeat it is harmless, but for a publish without a `key`.
   *
   * @throws FanfareError what the server says, such as `forbidden`, `not-found` or `too-large`; `bad-request` at once for what
   *   is not JSON, such as `NaN`; what `fetch` throws when there is no answer.
   */
  async call<O extends OperationName>(name: O, request: OperationRequest<O>): Promise<OperationReply<O>> {
    const { fetch = globalThis.fetch } = this.#options;
    const response = await fetch(...(await this.#requestFor(name, request)));
    const answer: unknown = await response.json().catch(() => undefined);
    // 207 says for each channel how it went.
    if (response.ok) return v.parse(replySchemas[name].reply, answer);
    const { success, output } = v.safeParse(refusal, answer);
    if (success) throw new FanfareError(output, typeof this.#options.token === 'function');
    // Of the gateway itself, whose bodies have another shape.
    const code = response.status === 429 ? 'rate-limited' : response.status < 500 ? 'forbidden' : 'internal';
    throw new FanfareError({
      code,
      status: response.status,
      message: `The API answered ${response.status}.`,
    });
  }

  async #requestFor(name: OperationName, request: object): Promise<[string, RequestInit]> {
    const { token } = this.#options;
    const { method, path } = operations[name];
    const given = new Map(Object.entries(request).filter(([, value]) => value !== undefined));
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, parameter) => {
      const value = encodeURIComponent(String(given.get(parameter)));
      given.delete(parameter);
      return value;
    });
    const query = new URLSearchParams();
    for (const [parameter, value] of given) query.set(parameter, String(value));
    const hasBody = method === 'POST';
    const headers = {
      Authorization: `Bearer ${typeof token === 'function' ? await token() : token}`,
      ...(hasBody && { 'Content-Type': 'application/json' }),
    };
    const body = hasBody ? jsonOf(request) : '';
    if (body === undefined) throw localError('bad-request');
    const url = `${this.#url}${filled}${hasBody || query.size === 0 ? '' : `?${query}`}`;
    return [url, { method, headers, ...(hasBody && { body }) }];
  }
}
