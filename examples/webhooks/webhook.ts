/** Sends one lifecycle event as a signed request to a webhook. */

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
 * @throws Error when the server did not answer, or answered without success.
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
    // A redirect would take the message to any server that the receiver names.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The receiver answered ${response.status}`);
}

/** A repeated event has the same id, by which receivers recognize it. It is a hash, because names of users would not fit into a header. */
export function webhookId(eventId: string): string {
  return `msg_${createHash('sha256').update(eventId).digest('base64url')}`;
}

/** Where a webhook may go: to any host over TLS, or to this machine. */
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
