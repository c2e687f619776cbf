/** Reads the result of a function for a WebSocket route (PR-7), and decides on handshakes (HS-5). */

import * as v from 'valibot';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { IntegrationOutcome } from './integration.ts';

/** The schema is strict, because AWS rejects a result with an unknown key (PR-7). */
const proxyResult = v.strictObject({
  statusCode: v.pipe(v.number(), v.integer()),
  headers: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  multiValueHeaders: v.optional(v.record(v.string(), v.array(v.string()))),
  body: v.optional(v.string()),
  isBase64Encoded: v.optional(v.boolean()),
});

export type Handshake =
  | { readonly accepted: true; readonly subprotocol: string | undefined }
  | { readonly accepted: false; readonly status: number };

/** The messages in place of a reply (ER-1). */
const failureTexts: Record<Exclude<IntegrationOutcome['kind'], 'result'>, string> = {
  error: 'Internal server error',
  died: 'Internal server error',
  'timed-out': 'Endpoint request timed out',
};

/** The status of a handshake whose function failed or returned an invalid result, as observed on AWS (HS-5). */
const FAILED = 502;

export type Reply = { readonly text: string } | { readonly failure: string };

/** A two-way route sends only the body (PR-4). Without a body it sends an empty message (PR-6). */
export function replyOf(outcome: IntegrationOutcome): Reply {
  if (outcome.kind !== 'result') return { failure: failureTexts[outcome.kind] };
  const { success, output } = v.safeParse(proxyResult, outcome.value);
  if (!success) return { failure: failureTexts.error };
  const { body = '', isBase64Encoded = false } = output;
  return { text: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body };
}

/** The client gets the status of the function (HS-5). Only one header of the result is used (HS-6). */
export function handshakeOf(
  outcome: IntegrationOutcome,
  { connectTimeoutStatus }: Choices = DEFAULT_CHOICES,
): Handshake {
  if (outcome.kind === 'timed-out') return { accepted: false, status: connectTimeoutStatus };
  if (outcome.kind !== 'result') return { accepted: false, status: FAILED };
  const { success, output } = v.safeParse(proxyResult, outcome.value);
  if (!success) return { accepted: false, status: FAILED };
  if (output.statusCode < 200 || output.statusCode > 299)
    return { accepted: false, status: output.statusCode };
  const headers = Object.entries(output.headers ?? {});
  const chosen = headers.find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1];
  return { accepted: true, subprotocol: chosen === undefined ? undefined : String(chosen) };
}
