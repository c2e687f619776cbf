/** The store behind the server: dynalite in a thread of its own, without a socket between the two. */

import type { IncomingHttpHeaders } from 'node:http';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import type { Send, StoreAnswer } from './store-answer.ts';

/** The header that names an operation, and the content type of requests and answers. */
export const TARGET = 'DynamoDB_20120810.';
export const CONTENT_TYPE = 'application/x-amz-json-1.0';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

/** The messages to the thread and its answers, which may come in any order. */
export interface Asked {
  readonly id: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array | string;
}

export interface Answered extends RawAnswer {
  readonly id: number;
}

const THREAD = new URL('./store-thread.mjs', import.meta.url);

interface Waiting {
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (reason: Error) => void;
}

export class StoreBehind {
  private readonly thread = new Worker(THREAD, { execArgv: [] });
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private end: Error | undefined;

  constructor() {
    this.thread.on('message', ({ id, ...answer }: Answered) => this.take(id)?.resolve(answer));
    this.thread.on('error', (error) => this.fail(error));
    this.thread.on('exit', () => this.fail(new Error('The embedded DynamoDB has stopped.')));
  }

  /** @throws Error when the thread has ended. */
  call(headers: IncomingHttpHeaders, body: Uint8Array | string): Promise<RawAnswer> {
    if (this.end) return Promise.reject(this.end);
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.thread.postMessage({ id, headers, body } satisfies Asked);
    });
  }

  /** Sends a request directly to the store, without the additions of the server. */
  readonly send: Send = async (operation, body): Promise<StoreAnswer> => {
    const headers = {
      'content-type': CONTENT_TYPE,
      'x-amz-target': TARGET + operation,
      // Dynalite requires both headers and checks neither.
      'x-amz-date': '20000101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/0/0/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    const answer = await this.call(headers, JSON.stringify(body));
    return { status: answer.status, body: v.parse(answerBody, JSON.parse(answer.body)) };
  };

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private fail(error: Error): void {
    this.end ??= error;
    for (const id of [...this.waiting.keys()]) this.take(id)?.reject(this.end);
  }
}

const answerBody = v.record(v.string(), v.unknown());
