/**
 * Turns the result of a function in payload format 2.0 into an answer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
 */

import * as v from 'valibot';
import { type HttpReply, jsonReply, replyHeaders } from './http-reply.ts';

const headerValue = v.union([v.string(), v.number(), v.boolean()]);

/** Status, headers and cookies. A streamed response has the same members, and each may be missing. */
export const responseHead = v.object({
  statusCode: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)), 200),
  headers: v.optional(v.nullable(v.record(v.string(), headerValue))),
  cookies: v.optional(v.nullable(v.array(v.string()))),
});

const proxyResult = v.object({
  ...responseHead.entries,
  body: v.optional(v.nullable(v.string())),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** The differences between HTTP APIs and function URLs. */
export interface ResultRules {
  /** The content type of a result with a status and without a type. */
  readonly contentType: string;
  /** Whether a string as the result is sent as plain text and not as JSON. */
  readonly sendsStringsAsTheyAre: boolean;
}

/** @returns `undefined` for an invalid result: it has a status, and another member is wrong. */
export function replyOfResult(value: unknown, rules: ResultRules): HttpReply | undefined {
  if (!hasStatus(value)) return inferred(value, rules);
  const { success, output } = v.safeParse(proxyResult, value);
  if (!success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = output;
  const sent = headOf({ statusCode, headers, cookies }, rules.contentType);
  return sent && { ...sent, body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8') };
}

/** @returns `undefined` if one of the headers is not valid in HTTP. */
export function headOf(
  { statusCode, headers, cookies }: v.InferOutput<typeof responseHead>,
  contentType: string,
): Omit<HttpReply, 'body'> | undefined {
  const own = replyHeaders(headers ?? {});
  const areCookies = (cookies ?? []).every((cookie) => replyHeaders({ 'set-cookie': cookie }));
  if (!own || !areCookies) return undefined;
  return { status: statusCode, headers: { 'content-type': contentType, ...own }, cookies: cookies ?? [] };
}

function hasStatus(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'statusCode' in value;
}

function inferred(value: unknown, { sendsStringsAsTheyAre }: ResultRules): HttpReply {
  const reply = jsonReply(200, value ?? null);
  return sendsStringsAsTheyAre && typeof value === 'string' ? { ...reply, body: Buffer.from(value) } : reply;
}
