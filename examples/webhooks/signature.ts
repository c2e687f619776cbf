/** Signatures of webhooks, as Standard Webhooks has them: https://github.com/standard-webhooks/standard-webhooks */

import { createHmac, timingSafeEqual } from 'node:crypto';

/** The values that are signed beside the body. */
export interface SignedHeaders {
  /** The same each time that a message is sent again. */
  readonly id: string;
  /** When it was sent. Seconds since 1970. */
  readonly timestamp: number;
}

/** After this time a receiver refuses a message, so that an attacker cannot record it and send it again. Seconds. */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * `v1,<HMAC-SHA256 in base64>`
 *
 * @param secret `whsec_` and the key in base64.
 */
export function signatureOf(secret: string, { id, timestamp }: SignedHeaders, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return `v1,${digest}`;
}

/**
 * For receivers: whether the sender knows the secret, and the request is unchanged and recent.
 *
 * @param headers of the request, with names in small letters.
 * @param body as it arrived: parsed and written again, it would be other bytes.
 * @param now Milliseconds since 1970.
 */
export function isGenuine(
  secret: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  now: number,
): boolean {
  const timestamp = Number(headers['webhook-timestamp']);
  if (!(Math.abs(now / 1000 - timestamp) <= TOLERANCE_SECONDS)) return false;
  const expected = Buffer.from(signatureOf(secret, { id: String(headers['webhook-id']), timestamp }, body));
  // A request has several signatures while its secret is being replaced.
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => Buffer.from(signature))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
