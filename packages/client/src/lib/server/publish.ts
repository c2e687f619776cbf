/** Publishes by HTTP until each channel has the messages, or has refused them for good. */

import { ALL, userChannel } from 'fanfare-protocol/channel';
import type { PublishRequest, PublishResult } from 'fanfare-protocol/server-operations';
import { newKey } from '../platform/random-key.ts';
import { FanfareError, type Refusal } from '../wire/errors.ts';

/** At least one channel does not have the messages, as far as the client knows. */
export class PublishError extends FanfareError {
  /** What each channel has answered. Those with a `seq` have the messages. */
  readonly results: readonly PublishResult[];
  /**
   * The request for the other channels, with the same keys: pass it to `publish` to try again. Within ten minutes, the messages land
   * once in a channel with history.
   */
  readonly remaining: PublishRequest;

  constructor(
    refusal: Refusal,
    isRenewable: boolean,
    { results, remaining }: Pick<PublishError, 'results' | 'remaining'>,
  ) {
    super(refusal, isRenewable);
    this.results = results;
    this.remaining = remaining;
  }
}

/** One publish with its repetitions: each of them goes only to the channels that have not answered for good. */
export class Publication {
  readonly #results = new Map<string, PublishResult>();
  #remaining: PublishRequest;

  constructor(request: PublishRequest) {
    this.#remaining = withKeys(request);
  }

  /** What to send next. */
  get remaining(): PublishRequest {
    return this.#remaining;
  }

  get results(): PublishResult[] {
    return [...this.#results.values()];
  }

  /**
   * Takes the results of an attempt.
   *
   * @throws PublishError if a channel has failed; a retryable one while a repetition may still help one of them.
   */
  take(results: readonly PublishResult[]): void {
    for (const result of results) this.#results.set(result.channel, result);
    const failures = this.results.flatMap(({ channel, error }) => (error ? [{ channel, error }] : []));
    const transient = failures.filter(({ error }) => new FanfareError(error).isRetryable);
    const open = transient.length > 0 ? transient : failures;
    const [first] = open;
    if (!first) return;
    this.#remaining = onlyTo(new Set(open.map(({ channel }) => channel)), this.#remaining);
    const retryAfter = Math.max(...open.map(({ error }) => error.retryAfter ?? 0));
    throw new PublishError({ ...first.error, ...(retryAfter > 0 && { retryAfter }) }, false, this);
  }

  /** The failure of an attempt that had no results, such as a lost connection. */
  failure(error: unknown): unknown {
    if (!(error instanceof FanfareError) || error instanceof PublishError) return error;
    const isRenewable = error.isRetryable && error.code === 'token-expired';
    const { code, status, message, retryAfter } = error;
    const whole = new PublishError({ code, status, message, retryAfter }, isRenewable, this);
    whole.cause = error.cause;
    return whole;
  }
}

/** Each message with a key, so that a repetition lands once. */
function withKeys({ key = newKey(), messages, ...request }: PublishRequest): PublishRequest {
  if (!messages) return { ...request, key };
  // The server reads the key of a single message only.
  const keyed = messages.map((draft, index) => ({ ...draft, key: draft.key ?? `${key}/${index}` }));
  return { ...request, messages: keyed };
}

function onlyTo(open: ReadonlySet<string>, request: PublishRequest): PublishRequest {
  const { channels = [], users = [], everyone = false } = request;
  return {
    ...request,
    channels: channels.filter((channel) => open.has(channel)),
    users: users.filter((user) => open.has(userChannel(user))),
    everyone: everyone && open.has(ALL),
  };
}
