/** Reads the result of a function for a WebSocket route (PR-7), and decides on handshakes (HS-5). */

import { validateHeaderValue } from 'node:http';
import * as v from 'valibot';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { IntegrationOutcome } from './integration.ts';

/** The schema is strict, because AWS rejects a result with an unknown key (PR-7). */
const proxyResult = v.strictObject({
  statusCode: v.pipe(v.number(), v.integer()),
  headers: v.nullish(v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()])))),
  multiValueHeaders: v.nullish(v.record(v.string(), v.nullable(v.array(v.string())))),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
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
  const body = output.body ?? '';
  return { text: output.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body };
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
  const { statusCode, headers } = output;
  if (!isStatusOfReply(statusCode)) return { accepted: false, status: FAILED };
  if (statusCode > 299) return { accepted: false, status: statusCode };
  const subprotocol = chosenSubprotocol(headers ?? {});
  if (subprotocol !== undefined && !isHeaderValue(subprotocol)) return { accepted: false, status: FAILED };
  return { accepted: true, subprotocol };
}

/** A final reply of HTTP has one of these. Others would break the client that reads the refusal. */
function isStatusOfReply(status: number): boolean {
  return status >= 200 && status <= 599;
}

function chosenSubprotocol(headers: Readonly<Record<string, unknown>>): string | undefined {
  const [, chosen] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol') ?? [];
  return chosen === undefined || chosen === null ? undefined : String(chosen);
}

/** A line break in a value would begin a header of its own. */
function isHeaderValue(text: string): boolean {
  try {
    validateHeaderValue('Sec-WebSocket-Protocol', text);
    return true;
  } catch {
    return false;
  }
}
