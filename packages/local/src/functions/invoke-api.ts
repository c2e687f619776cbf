/** The operation Invoke of the Lambda API, with which one function starts another, or itself. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { invokeFunction } from '../permissions/needs.ts';
import type { Guard } from '../permissions/permissions.ts';
import { functionArn, functionNameOf } from '../template/function-arn.ts';
import { decodeSegment } from '../web/path-segment.ts';
import { readBody } from '../web/request-body.ts';
import type { Functions } from './functions.ts';
import { type LambdaReply, refusal } from './lambda-reply.ts';
import { errorPayload } from './outcome.ts';

/**
 * 6 MB for a synchronous invocation, 1 MB for an asynchronous one (256 KB until October 2025).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
export const ASYNCHRONOUS_BYTES = 1024 * 1024;

/** The API reference names RequestTooLargeException. AWS answers with this one (github.com/ASFHyP3/hyp3/issues/2241). */
const TOO_LARGE = 'RequestEntityTooLargeException';

const PATH = /^\/2015-03-31\/functions\/(?<reference>[^/]+)\/invocations$/;

interface InvocationType {
  readonly limitBytes: number;
  readonly start: (
    functions: Functions,
    functionName: string,
    event: unknown,
  ) => LambdaReply | Promise<LambdaReply>;
}

const invocationTypes = new Map<string, InvocationType>([
  ['RequestResponse', { limitBytes: SYNCHRONOUS_BYTES, start: awaitResult }],
  ['Event', { limitBytes: ASYNCHRONOUS_BYTES, start: enqueue }],
  ['DryRun', { limitBytes: SYNCHRONOUS_BYTES, start: () => ({ status: 204 }) }],
]);

/** The function that a path asks to invoke, by name or ARN; `undefined` for other paths. */
export function invokedFunction(path: string): string | undefined {
  const reference = PATH.exec(path)?.groups?.['reference'];
  return reference === undefined ? undefined : decodeSegment(reference);
}

/** The signature only tells which function calls. It is not verified. */
export async function answerInvoke(
  reference: string,
  functions: Functions,
  guard: Guard,
  request: IncomingMessage,
): Promise<LambdaReply> {
  if (request.method !== 'POST') return refusal(403, 'ForbiddenException', 'Forbidden');
  const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
  const invocationType = invocationTypes.get(type);
  if (!invocationType)
    return refusal(400, 'InvalidParameterValueException', `There is no invocation type ${type}`);
  const name = functionNameOf(reference + qualifierOf(request));
  const denied = guard.refusalOf(request.headers.authorization, () => [invokeFunction(arnOf(name))]);
  if (denied !== undefined) return refusal(403, 'AccessDeniedException', denied);
  if (!functions.has(name))
    return refusal(404, 'ResourceNotFoundException', `Function not found: ${arnOf(name)}`);
  const { limitBytes, start } = invocationType;
  const body = await readBody(request, limitBytes);
  if (!body) return refusal(413, TOO_LARGE, `Request must be smaller than ${limitBytes} bytes`);
  const payload = parsePayload(body);
  if ('mistake' in payload) return refusal(400, 'InvalidRequestContentException', payload.mistake);
  return start(functions, name, payload.event);
}

/** A failed function is answered with status 200 as well. */
async function awaitResult(functions: Functions, functionName: string, event: unknown): Promise<LambdaReply> {
  const requestId = randomUUID();
  const outcome = await functions.invoke(functionName, event, requestId);
  const headers = { 'X-Amz-Executed-Version': '$LATEST' };
  if (outcome.kind === 'result') return { status: 200, requestId, headers, body: outcome.value };
  return {
    status: 200,
    requestId,
    headers: { ...headers, 'X-Amz-Function-Error': 'Unhandled' },
    body: errorPayload(outcome, requestId),
  };
}

function enqueue({ eventQueue }: Functions, functionName: string, event: unknown): LambdaReply {
  return { status: 202, requestId: eventQueue.enqueue(functionName, event) };
}

/** The version or alias may be in the query or in the name. */
function qualifierOf({ url = '/' }: IncomingMessage): string {
  const qualifier = new URL(url, 'http://localhost').searchParams.get('Qualifier');
  return qualifier === null ? '' : `:${qualifier}`;
}

/** The ARN that Lambda names in its refusals. */
function arnOf(reference: string): string {
  return reference.startsWith('arn:') ? reference : functionArn(reference);
}

/** An empty payload is an empty event. */
function parsePayload(body: Buffer): { readonly event: unknown } | { readonly mistake: string } {
  if (body.length === 0) return { event: {} };
  try {
    return { event: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { mistake: `Could not parse request body into json: ${reason}` };
  }
}
