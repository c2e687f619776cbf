/** Receiving by Server-Sent Events: one response that does not end, read by `fetch`, which can send a token in a header. */

import { createParser } from 'eventsource-parser';
import type { Clock } from '../../platform/clock.ts';
import type { Receive } from './http-socket.ts';
import { ABNORMAL, SocketEnd } from './socket-end.ts';
import { within } from './within.ts';

/** The server sends a comment every 15 s; when two are missing, the stream is dead, or something keeps it back. Milliseconds. */
const SILENCE_MS = 40_000;

export function eventStream(clock: Clock): Receive {
  return async (session, { opened, received }) => {
    const response = await session.get('');
    // Anything else is the page of a portal, or a platform whose `fetch` cannot stream, such as React Native's.
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (!isStream || !response.body) throw new SocketEnd(ABNORMAL);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: ({ data }) => received(data) });
    for (;;) {
      const { done, value } = await within(clock, SILENCE_MS, reader.read());
      if (done) return;
      // Not before: a proxy that keeps streams back lets the head through, but not the comment that the server begins with.
      opened();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  };
}
