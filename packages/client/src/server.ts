/**
 * For servers: the HTTP API, typed; tokens that a stage accepts; publishes as events; and webhooks that are genuine. For Node.js and
 * every other platform that has `fetch` and `crypto.subtle`.
 */

import { replySchemas } from 'fanfare-protocol/operations';
import type {
  OperationName,
  OperationReply,
  OperationRequest,
  PublishRequest,
} from 'fanfare-protocol/server-operations';
import * as v from 'valibot';
import { failure } from './lib/server/failure.ts';
import { type RepetitionOptions, repetitionOptions } from './lib/server/options.ts';
import { Publication } from './lib/server/publish.ts';
import { refused } from './lib/server/refused.ts';
import { repeated } from './lib/server/repetition.ts';
import { baseUrl, type HttpRequest, httpRequest } from './lib/server/request.ts';

export type { PublishRequest, PublishResult } from 'fanfare-protocol/server-operations';
// biome-ignore lint/performance/noBarrelFile: applications import from one place
export { type PublicKey, publicKeys } from './lib/server/public-keys.ts';
export { PublishError } from './lib/server/publish.ts';
export { type PublishEvent, type PublishEventOptions, publishEvent } from './lib/server/publish-event.ts';
export type { PrivateKey } from './lib/server/signing-key.ts';
export {
  type KeyIssuer,
  type ServerToken,
  type StageSecret,
  signServerToken,
  signToken,
  type TokenChannels,
  type UserToken,
} from './lib/server/token.ts';
export {
  verifyWebhook,
  type WebhookApiKey,
  type WebhookEvent,
  type WebhookRequest,
  type WebhookSignature,
} from './lib/server/webhook.ts';
export { FanfareError } from './lib/wire/errors.ts';

export interface ServerOptions extends RepetitionOptions {
  /** A token for servers (`signServerToken`, or `npm run -s token -- --server --user billing`), or a function that gets one for each request. */
  readonly token: string | (() => string | Promise<string>);
  /** @default the platform's own. With IAM, pass one that signs requests. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface RequestOptions {
  /** Ends the request, and its repetitions, when it aborts. */
  readonly signal?: AbortSignal;
}

/** A response, successful or not. */
interface Answer {
  readonly status: number;
  readonly isSuccess: boolean;
  readonly body: unknown;
}

/** The function waits up to 29 s for a handshake that is going on, and API Gateway answers after 30 s at the latest. Milliseconds. */
const REVOKE_TIMEOUT_MS = 35_000;

/**
 * The HTTP API of a stage.
 *
 * @example
 * const fanfare = new FanfareServer('https://….execute-api.….amazonaws.com/prod', { token });
 * await fanfare.publish({ channels: ['public:news'], data: 'Hello' });
 */
export class FanfareServer {
  readonly #url: string;
  readonly #options: ServerOptions;
  readonly #repetition: ReturnType<typeof repetitionOptions>;

  /**
   * @param url The output `ApiUrl` of the stack, or `http://localhost:8080/local`.
   * @throws FanfareError `bad-request` for another URL, or an option out of its range.
   */
  constructor(url: string, options: ServerOptions) {
    this.#url = baseUrl(url);
    this.#options = options;
    const { retries, timeoutMs, random, clock } = options;
    const given = { retries, timeoutMs, random, clock };
    this.#repetition = repetitionOptions(
      Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    );
  }

  /**
   * Publishes to channels, to users, or to everyone. A failure that may pass, such as a timeout, is tried again with the same keys and
   * only in the channels that failed. In a channel with history the messages land once; a channel without history knows no keys.
   *
   * @returns the `seq` of the last message in each channel, and with several `messages` the `seqs` of all.
   * @throws PublishError unless all channels have the messages. Its `results` and `remaining` say what is left.
   * @throws FanfareError `bad-request` for what is not JSON, such as `NaN`.
   * @example
   * await fanfare.publish({ users: ['ann'], data: 'Your order has shipped', key: 'order-17' });
   */
  async publish(
    request: PublishRequest,
    { signal }: RequestOptions = {},
  ): Promise<OperationReply<'publish'>> {
    const publication = new Publication(request);
    try {
      await repeated(
        async (ending) => {
          const { status, isSuccess, body } = await this.#reach('publish', publication.remaining, ending);
          // If every channel failed, the body has the results beside the refusal.
          const { success, output } = v.safeParse(replySchemas.publish.reply, body);
          if (!success) throw this.#refusal({ status: isSuccess ? 500 : status, body });
          publication.take(output.results);
        },
        { ...this.#repetition, signal },
      );
    } catch (error) {
      throw publication.failure(error);
    }
    return { results: publication.results };
  }

  /**
   * Makes a user's or a server's tokens worthless that were issued until now, and closes their connections. A token that is issued
   * in the same second is worthless, too. A failure that may pass is tried again.
   *
   * @returns how many connections the last attempt has closed.
   * @throws FanfareError
   * @example
   * await fanfare.revoke({ user: 'ann' });
   */
  async revoke(
    request: OperationRequest<'revoke'>,
    { signal }: RequestOptions = {},
  ): Promise<OperationReply<'revoke'>> {
    return repeated(
      async (ending) => {
        const { status, isSuccess, body } = await this.#reach('revoke', request, ending);
        const { success, output } = v.safeParse(replySchemas.revoke.reply, body);
        if (isSuccess && success) return output;
        throw this.#refusal({ status: isSuccess ? 500 : status, body });
      },
      { ...this.#repetition, timeoutMs: REVOKE_TIMEOUT_MS, signal },
    );
  }

  /**
   * Runs an operation of the table in `packages/protocol/src/operations.ts`. The method does not repeat a request by itself. Every
   * operation can be repeated without harm, except a publish without a `key`.
   *
   * @throws FanfareError the server's refusal, such as `forbidden`, `not-found` or `too-large`; at once `bad-request` for what is not
   *   JSON, such as `NaN`.
   * @throws what `fetch` throws if no response comes.
   */
  async call<O extends OperationName>(
    name: O,
    request: OperationRequest<O>,
    { signal }: RequestOptions = {},
  ): Promise<OperationReply<O>> {
    const { status, isSuccess, body } = await this.#fetch(await this.#prepare(name, request), signal);
    // The body of a 207 has a result for each channel.
    if (isSuccess) return v.parse(replySchemas[name].reply, body);
    throw this.#refusal({ status, body });
  }

  /** One attempt. @throws FanfareError `disconnected` if no response comes, or why the signal has aborted. */
  async #reach(name: OperationName, request: object, signal: AbortSignal): Promise<Answer> {
    const prepared = await this.#prepare(name, request);
    try {
      const answer = await this.#fetch(prepared, signal);
      signal.throwIfAborted();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const { host } = new URL(this.#url);
      const lost = failure('disconnected', `No response came from ${host}. Check the URL and the network.`);
      lost.cause = error;
      throw lost;
    }
  }

  async #prepare(name: OperationName, request: object): Promise<HttpRequest> {
    const { token } = this.#options;
    const bearer = typeof token === 'function' ? await token() : token;
    return httpRequest(this.#url, bearer, name, request);
  }

  async #fetch({ url, init }: HttpRequest, signal: AbortSignal | undefined): Promise<Answer> {
    const { fetch = globalThis.fetch } = this.#options;
    const response = await fetch(url, { ...init, ...(signal && { signal }) });
    const body: unknown = await response.json().catch(() => undefined);
    return { status: response.status, isSuccess: response.ok, body };
  }

  #refusal({ status, body }: Pick<Answer, 'status' | 'body'>) {
    return refused(status, body, typeof this.#options.token === 'function');
  }
}
