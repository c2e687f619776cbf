/** What a function may return to a WebSocket route (PR-7), and what its result means for a handshake (HS-5). */

import * as v from 'valibot';
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

/** The status of a refused handshake: 502 was seen, 504 is this emulator's choice where AWS is unknown (HS-5). */
const failureStatuses: Record<Exclude<IntegrationOutcome['kind'], 'result'>, number> = {
  error: 502,
  died: 502,
  'timed-out': 504,
};

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
export function handshakeOf(outcome: IntegrationOutcome): Handshake {
  if (outcome.kind !== 'result') return { accepted: false, status: failureStatuses[outcome.kind] };
  const { success, output } = v.safeParse(proxyResult, outcome.value);
  if (!success) return { accepted: false, status: failureStatuses.error };
  if (output.statusCode < 200 || output.statusCode > 299)
    return { accepted: false, status: output.statusCode };
  const headers = Object.entries(output.headers ?? {});
  const chosen = headers.find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1];
  return { accepted: true, subprotocol: chosen === undefined ? undefined : String(chosen) };
}
