/**
 * Server-sent events on a response that is open: written only as fast as the reader takes them.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */

import type { Writable } from 'node:stream';

/** How long an `EventSource` waits before it connects again. Milliseconds. */
const RETRY_MS = 1_000;

/** Proxies close a connection that is silent for 30 or 60 s. Milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** A reader whose buffer stays full for this long counts as gone. Otherwise the waiting data would only grow. Milliseconds. */
const SLOWEST_READER_MS = 30_000;

export const EVENT_STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  // Proxies that compress a response hold its bytes back.
  'Cache-Control': 'no-store, no-transform',
  // nginx buffers a response, unless this header tells it not to.
  'X-Accel-Buffering': 'no',
};

export interface StreamEvent {
  /** JSON. */
  readonly frame: string;
  /** The position from which the reader resumes after this event. Absent if the position has not moved. */
  readonly id?: string;
}

export function eventText({ frame, id }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${frame}\n\n`;
}

export class EventStream {
  /** Aborted when the reader has left, if the platform reports it. */
  readonly left: AbortSignal;
  /** Bytes so far. */
  written = 0;
  private readonly out: Writable;
  private readonly leaving = new AbortController();
  private readonly now: () => number;
  private writtenAt: number;

  constructor(out: Writable, now: () => number) {
    this.out = out;
    this.now = now;
    this.writtenAt = now();
    this.left = this.leaving.signal;
    const leave = () => this.leaving.abort();
    out.once('close', leave);
    // Without a listener, an error of the stream would end the whole execution environment.
    out.on('error', leave);
  }

  /** Sends the first bytes at once, so that proxies and clients recognize an event stream. */
  begin(): Promise<void> {
    return this.write(`: fanfare\nretry: ${RETRY_MS}\n\n`);
  }

  send(event: StreamEvent): Promise<void> {
    return this.write(eventText(event));
  }

  /** Sends a comment if the stream was silent for a while. */
  async keepAlive(): Promise<void> {
    if (this.now() - this.writtenAt >= HEARTBEAT_MS) await this.write(':\n\n');
  }

  end(): void {
    this.out.end();
  }

  /** Settles when there is room for more, or the reader has left. */
  private async write(text: string): Promise<void> {
    if (this.left.aborted) return;
    this.writtenAt = this.now();
    this.written += Buffer.byteLength(text);
    if (!this.out.write(text)) await this.room();
  }

  private room(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.leaving.abort(), SLOWEST_READER_MS);
      const settle = () => {
        clearTimeout(timer);
        this.out.off('drain', settle);
        this.left.removeEventListener('abort', settle);
        resolve();
      };
      this.out.once('drain', settle);
      this.left.addEventListener('abort', settle);
    });
  }
}
