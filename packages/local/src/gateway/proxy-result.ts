/** What a function may return to a WebSocket route (PR-7), and what its result means for a handshake (HS-5). */

import * as v from 'valibot';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { IntegrationOutcome } from './integration.ts';

/** Strict: on AWS, too, an unknown key makes the whole result invalid (PR-7). */
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

/** What the client is told instead of a reply (ER-1). */
const failureTexts: Record<Exclude<IntegrationOutcome['kind'], 'result'>, string> = {
  error: 'Internal server error',
  died: 'Internal server error',
  'timed-out': 'Endpoint request timed out',
};

/** The status of a handshake whose function failed, or returned what is no result: seen on AWS (HS-5). */
const FAILED = 502;

export type Reply = { readonly text: string } | { readonly failure: string };

/** What a two-way route sends: the body and nothing else (PR-4); a missing one is an empty message (PR-6). */
export function replyOf(outcome: IntegrationOutcome): Reply {
  if (outcome.kind !== 'result') return { failure: failureTexts[outcome.kind] };
  const { success, output } = v.safeParse(proxyResult, outcome.value);
  if (!success) return { failure: failureTexts.error };
  const { body = '', isBase64Encoded = false } = output;
  return { text: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body };
}

/** The client sees the function's own status (HS-5). Of the result, only one header counts (HS-6). */
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
