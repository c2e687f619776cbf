/**
 * Refusals by AWS: our request was not allowed, or had the wrong form. The client at the other end did not cause the refusal, so it is
 * not disconnected for it.
 */

/** Long enough for the sentence that names a role, an action and a resource. Characters. */
const REASON_LENGTH = 300;

/**
 * Where a reason ends. The answer to a wrong signature repeats the request line by line, headers with credentials included
 * (MG-5), and that must not reach a log.
 */
const SECRETS_FOLLOW = /[\r\n]|AWS4-|Authorization|Credential=|x-amz-/i;

/** One line for the log: the kind of the answer, and the beginning of its sentence. */
export function reasonFrom(kind: string, sentence = ''): string {
  const safe = bounded(sentence);
  return safe === '' ? bounded(kind) : `${bounded(kind)}: ${safe}`;
}

/** As much of a sentence of the platform as may stand in a log. */
export function bounded(text: string): string {
  return (text.split(SECRETS_FOLLOW, 1)[0] ?? '').trim().slice(0, REASON_LENGTH);
}

/** Statuses below 500 that say "not now", and not "not like this". */
const NOT_NOW = new Set([408, 410, 429]);

/** Throttling has many names, and in DynamoDB the status of a refusal (400). */
const THROTTLED = /Throttl|ThroughputExceeded|RequestLimit|LimitExceeded|TooManyRequests/;

/** Some refusals have no status: the SDK finds no credentials, or Lambda may not use a key (502). */
const REFUSED = /AccessDenied|Forbidden|NotAuthorized|UnrecognizedClient|Signature|ExpiredToken|Credentials/;

export function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLED.test(error.name);
}

/** Why the platform refused a request, by the exception of its SDK; `undefined` if it failed in any other way. */
export function refusalIn(error: unknown): string | undefined {
  if (!(error instanceof Error) || isThrottling(error)) return undefined;
  return isRefusal(statusOf(error)) || REFUSED.test(error.name)
    ? reasonFrom(error.name, error.message)
    : undefined;
}

export function isRefusal(status: number): boolean {
  return status >= 300 && status < 500 && !NOT_NOW.has(status);
}

/** The status of an exception of the SDK; 0 if no answer came. */
export function statusOf(error: unknown): number {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const isObject = typeof metadata === 'object' && metadata !== null;
  return isObject && 'httpStatusCode' in metadata ? Number(metadata.httpStatusCode) : 0;
}

/** The name by which Lambda passes the error on, when a worker has failed for it. */
export const PLATFORM_REFUSAL = 'PlatformRefusal';

/** An error of ours that concerns connections of one channel. */
export class PlatformRefusal extends Error {
  override readonly name = PLATFORM_REFUSAL;
  readonly channel: string;
  /** How many it concerns, where that is known. */
  readonly connections: number | undefined;

  constructor(reason: string, channel: string, connections?: number) {
    super(`${reason} (${connections === undefined ? '' : `${connections} `}connections of ${channel})`);
    this.channel = channel;
    this.connections = connections;
  }
}

/** The error itself, unless it is an exception of an SDK for something that we may not do. */
export function asPlatformRefusal(error: unknown, channel: string): unknown {
  const reason = refusalIn(error);
  return reason === undefined ? error : new PlatformRefusal(reason, channel);
}
