/** The AWS JSON protocol: one path, the operation in a header, JSON in both directions, and a permission for each operation. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../web/request-body.ts';
import type { Guard } from './permissions.ts';
import type { Need } from './statement.ts';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

export interface JsonReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface JsonOperation {
  /** A longer body counts as invalid JSON. */
  readonly limitBytes: number;
  /** The permissions that the caller needs. Empty for a body that the operation refuses. */
  readonly needs: (body: unknown) => readonly Need[];
  /** @param body The parsed JSON, or `undefined` if the body is not JSON. */
  readonly answer: (body: unknown) => JsonReply | Promise<JsonReply>;
}

/** By the header `X-Amz-Target`: `secretsmanager.GetSecretValue`. */
export type JsonOperations = ReadonlyMap<string, JsonOperation>;

/** The signature only tells which function calls. It is not verified. */
export async function answerJson(
  operations: JsonOperations,
  guard: Guard,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await replyTo(request, operations, guard);
  const json = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': CONTENT_TYPE,
    'Content-Length': Buffer.byteLength(json),
    'Cache-Control': 'no-store',
    'x-amzn-RequestId': randomUUID(),
  });
  response.end(json);
}

/** The SDK takes the name of the exception from the body. */
export function refusal(status: number, __type: string, Message: string): JsonReply {
  return { status, body: { __type, Message } };
}

async function replyTo(
  request: IncomingMessage,
  operations: JsonOperations,
  guard: Guard,
): Promise<JsonReply> {
  const { 'content-type': type, 'x-amz-target': target } = request.headers;
  if (type !== CONTENT_TYPE)
    return refusal(415, 'UnsupportedMediaTypeException', `Only ${CONTENT_TYPE} is understood.`);
  const operation = operations.get(String(target));
  if (operation) return run(operation, guard, request);
  const served = new Intl.ListFormat('en').format(operations.keys());
  return refusal(400, 'UnknownOperationException', `The local runtime serves no operation but ${served}.`);
}

async function run(operation: JsonOperation, guard: Guard, request: IncomingMessage): Promise<JsonReply> {
  const body = parsed(await readBody(request, operation.limitBytes));
  const denied = guard.refusalOf(request.headers.authorization, () => operation.needs(body));
  return denied === undefined ? operation.answer(body) : refusal(400, 'AccessDeniedException', denied);
}

function parsed(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}
