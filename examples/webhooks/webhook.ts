/** One lifecycle event as a signed request to somebody's server. */

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { signatureOf } from './signature.ts';

export interface Endpoint {
  readonly url: URL;
  /** `whsec_` and the key in base64. */
  readonly secret: string;
}

/** As EventBridge hands it on. */
export const lifecycleEvent = v.object({
  'detail-type': v.string(),
  detail: v.looseObject({ id: v.string(), time: v.number() }),
});

export type LifecycleEvent = v.InferOutput<typeof lifecycleEvent>;

/** Slower servers should take the message and work on it later. */
const TIMEOUT_MS = 10_000;

/**
 * Sends the event once.
 *
 * @throws Error when the server did not answer, or with something else than success.
 */
export async function postWebhook(
  { url, secret }: Endpoint,
  { 'detail-type': type, detail }: LifecycleEvent,
  now: number,
): Promise<void> {
  const id = webhookId(detail.id);
  const timestamp = Math.floor(now / 1000);
  const body = JSON.stringify({ type, timestamp: new Date(detail.time).toISOString(), data: detail });
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(secret, { id, timestamp }, body),
    },
    body,
    // To follow one would take the message to whoever the server names.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The receiver answered ${response.status}`);
}

/** What was told twice has one id here, too, by which receivers know it; names of users would not fit into a header. */
export function webhookId(eventId: string): string {
  return `msg_${createHash('sha256').update(eventId).digest('base64url')}`;
}

/** Where a webhook may go: over TLS, or nowhere but this machine. */
export const webhookUrl = v.pipe(
  v.string(),
  v.url(),
  v.transform((text) => new URL(text)),
  v.check(
    ({ protocol, hostname }) =>
      protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname)),
    'A webhook goes over https.',
  ),
);
