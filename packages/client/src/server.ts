/** The client for servers: every operation of the HTTP API, typed. For Node.js and every other platform that has `fetch`. */

import { operations, refusal, replySchemas } from 'fanfare-protocol/operations';
import type { OperationName, OperationReply, OperationRequest } from 'fanfare-protocol/server-operations';
import * as v from 'valibot';
import { FanfareError } from './lib/wire/errors.ts';
import { jsonOf } from './lib/wire/json.ts';

export interface ServerOptions {
  /** A token for servers (`npm run -s token -- --server --user billing`), or a function that gets one for each request. */
  readonly token: string | (() => string | Promise<string>);
  /** @default the platform's own. With IAM, pass one that signs requests. */
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
   * Runs an operation of the table in `packages/protocol/src/operations.ts`. The method does not repeat a request by itself. Every
   * operation can be repeated without harm, except a publish without a `key`.
   *
   * @throws FanfareError the server's refusal, such as `forbidden`, `not-found` or `too-large`; at once `bad-request` for what is not
   *   JSON, such as `NaN`.
   * @throws what `fetch` throws if no response comes.
   */
  async call<O extends OperationName>(name: O, request: OperationRequest<O>): Promise<OperationReply<O>> {
    const { fetch = globalThis.fetch } = this.#options;
    const response = await fetch(...(await this.#requestFor(name, request)));
    const body: unknown = await response.json().catch(() => undefined);
    // The body of a 207 has a result for each channel.
    if (response.ok) return v.parse(replySchemas[name].reply, body);
    const { success, output } = v.safeParse(refusal, body);
    if (success) throw new FanfareError(output, typeof this.#options.token === 'function');
    // API Gateway itself refused the request. Its bodies have another shape.
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
    const url = `${this.#url}${filled}${hasBody || query.size === 0 ? '' : `?${query}`}`;
    return [url, { method, headers, ...(hasBody && { body }) }];
  }
}
