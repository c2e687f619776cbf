/** HTTP answers as Lambda words them. */

import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export interface LambdaReply {
  readonly status: number;
  /** The request id of the invocation, if one took place. */
  readonly requestId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. Without it, the answer is empty. */
  readonly body?: unknown;
}

export function sendReply(response: ServerResponse, lambdaReply: LambdaReply): void {
  const { status, requestId = randomUUID(), headers, body } = lambdaReply;
  const json = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    ...(status !== 204 && { 'Content-Length': Buffer.byteLength(json) }),
    'x-amzn-RequestId': requestId,
    ...headers,
  });
  response.end(json);
}

/** An error that the SDK can name: `x-amzn-ErrorType` is what it maps to an exception. */
export function refusal(status: number, errorType: string, message: string): LambdaReply {
  return {
    status,
    headers: { 'x-amzn-ErrorType': errorType },
    body: { Type: 'User', Message: message },
  };
}
