/** The answer of a function that streams: each chunk goes to the client as it is written. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { StreamedHead, StreamedPart, StreamReader } from '../functions/streamed-part.ts';
import { type HttpReply, sendHead, sendHttpReply } from './http-reply.ts';
import { headOf, responseHead } from './proxy-result.ts';

export interface StreamedReplyOptions {
  readonly response: ServerResponse;
  /** What every answer gets, whoever makes it. */
  readonly finish: <Reply extends Pick<HttpReply, 'headers'>>(reply: Reply) => Reply;
  /** In place of one whose status or headers could not be sent. */
  readonly failure: HttpReply;
}

/** Settles, and never rejects, when there is room again, or the client has left. */
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

  /** Whether the status is on its way, and can no longer be another one. */
  get begun(): boolean {
    return this.options.response.headersSent;
  }

  /** Settles when the client has room for more. What comes after the client has left is dropped: the function goes on. */
  readonly write: StreamReader;

  private async pass({ head, bytes }: StreamedPart): Promise<void> {
    const { response } = this.options;
    if (head && !response.destroyed) this.begin(head);
    if (response.destroyed || response.writableEnded || bytes.length === 0) return;
    if (response.write(bytes)) return;
    await drained(response);
  }

  /** A stream that fails after its beginning is cut, so that the client cannot take it for whole. */
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
