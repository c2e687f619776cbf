/** The answer of a streaming function: each chunk goes to the client when the function writes it. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { StreamedHead, StreamedPart, StreamReader } from '../functions/streamed-part.ts';
import { type HttpReply, sendHead, sendHttpReply } from './http-reply.ts';
import { headOf, responseHead } from './proxy-result.ts';

export interface StreamedReplyOptions {
  readonly response: ServerResponse;
  /** Headers for every answer, also for answers of the gateway itself. */
  readonly finish: <Reply extends Pick<HttpReply, 'headers'>>(reply: Reply) => Reply;
  /** The answer in place of one with an invalid status or header. */
  readonly failure: HttpReply;
}

/** Settles when there is room again or the client has left. Never rejects. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  const events = ['drain', 'close'].map((name) => once(response, name, { signal }));
  await Promise.race(events).catch(() => {});
  settled.abort();
}

export class StreamedReply {
  private readonly options: StreamedReplyOptions;

  constructor(options: StreamedReplyOptions) {
    this.options = options;
    const leaving = new AbortController();
    options.response.once('close', () => leaving.abort());
    this.write = Object.assign((part: StreamedPart) => this.pass(part), { left: leaving.signal });
  }

  /** Whether the status was sent and cannot be changed any more. */
  get begun(): boolean {
    return this.options.response.headersSent;
  }

  /** Settles when the client has room for more. After the client has left, chunks are dropped and the function goes on. */
  readonly write: StreamReader;

  private async pass({ head, bytes }: StreamedPart): Promise<void> {
    const { response } = this.options;
    if (head && !response.destroyed) this.begin(head);
    if (response.destroyed || response.writableEnded || bytes.length === 0) return;
    if (response.write(bytes)) return;
    await drained(response);
  }

  /** Cuts the connection of a stream that fails after its start, so that the client sees that the answer is not complete. */
  end(succeeded: boolean): void {
    const { response } = this.options;
    if (succeeded) response.end();
    else response.destroy();
  }

  private begin({ contentType, metadata }: StreamedHead): void {
    const { response, finish, failure } = this.options;
    const { success, output } = v.safeParse(responseHead, metadata ?? {});
    const head = success ? headOf(output, contentType) : undefined;
    if (head) {
      sendHead(response, finish(head));
      response.flushHeaders();
    } else sendHttpReply(response, finish(failure));
  }
}
