/** Receives by Server-Sent Events: one endless response, read by `fetch`, because `EventSource` cannot send the token in a header. */

import { createParser } from 'eventsource-parser';
import type { Clock } from '../../platform/clock.ts';
import type { Receive } from './http-socket.ts';
import { ABNORMAL, SocketEnd } from './socket-end.ts';
import { within } from './within.ts';

/** The server sends a comment every 15 s. If two are missing, the stream is dead, or a proxy holds it back. Milliseconds. */
const SILENCE_MS = 40_000;

export function eventStream(clock: Clock): Receive {
  return async (session, { opened, received }) => {
    const response = await session.get('');
    // Otherwise a captive portal answered, or the platform's `fetch` cannot stream, as in React Native.
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (!isStream || !response.body) throw new SocketEnd(ABNORMAL);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: ({ data }) => received(data) });
    for (;;) {
      const { done, value } = await within(clock, SILENCE_MS, reader.read());
      if (done) return;
      // Open only now: a proxy that holds streams back passes the headers, but not the comment with which the server begins.
      opened();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  };
}
