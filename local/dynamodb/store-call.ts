/** Asks the store behind the front, in the same process and without a socket between the two. */

import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, Server } from 'node:http';
import * as v from 'valibot';
import type { Send, StoreAnswer } from './transactions.ts';

/** How an operation is named in a request, and what both directions are. */
export const TARGET = 'DynamoDB_20120810.';
export const CONTENT_TYPE = 'application/x-amz-json-1.0';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

/** @param store A server that reads a request by its events, and writes its answer at once: dynalite does. */
export function callStore(
  store: Server,
  headers: IncomingHttpHeaders,
  body: Buffer | string,
): Promise<RawAnswer> {
  return new Promise((answer) => {
    const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
    store.emit('request', request, new CollectedResponse(answer));
    request.emit('data', Buffer.from(body));
    request.emit('end');
  });
}

/** Requests to the store behind the front, past the gate. */
export function senderTo(store: Server): Send {
  return async (operation, body): Promise<StoreAnswer> => {
    const headers = {
      'content-type': CONTENT_TYPE,
      'x-amz-target': TARGET + operation,
      // Both are wanted, and neither is checked.
      'x-amz-date': '20000101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/0/0/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    const answer = await callStore(store, headers, JSON.stringify(body));
    return { status: answer.status, body: v.parse(answerBody, JSON.parse(answer.body)) };
  };
}

const answerBody = v.record(v.string(), v.unknown());

/** As much of a response as the store uses. */
class CollectedResponse {
  statusCode = 200;
  private readonly headers: Record<string, string | number> = {};
  private readonly onEnd: (answer: RawAnswer) => void;

  constructor(onEnd: (answer: RawAnswer) => void) {
    this.onEnd = onEnd;
  }

  setHeader(name: string, value: string | number): void {
    this.headers[name] = value;
  }

  end(body = ''): void {
    this.onEnd({ status: this.statusCode, headers: this.headers, body });
  }
}
