/** Reads an event stream, event by event. */

import { createParser } from 'eventsource-parser';
import { parsedFrame } from './frame.ts';

export interface Events {
  /** The next event's data, parsed. @throws Error when the stream ends before it. */
  next(): Promise<unknown>;
  close(): Promise<void>;
}

/** @throws Error when the answer is no event stream. */
export async function readEvents(fetch: typeof globalThis.fetch, url: string): Promise<Events> {
  const response = await fetch(url);
  const type = response.headers.get('content-type') ?? 'no type';
  if (!response.body || !type.startsWith('text/event-stream'))
    throw new Error(`The answer is no event stream: ${response.status}, ${type}`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const events: unknown[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(parsedFrame(data)) });
  return {
    async next() {
      while (events.length === 0) {
        const { done, value } = await reader.read();
        if (done) throw new Error('The event stream ended');
        parser.feed(decoder.decode(value, { stream: true }));
      }
      return events.shift();
    },
    close: () => reader.cancel(),
  };
}
