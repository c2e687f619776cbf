/** Receives by polling: long polling, where the server waits for a message, or short polling at an interval. */

import type { Timers } from '../../platform/clock.ts';
import type { Receive } from './http-socket.ts';
import type { Session } from './session.ts';
import { ABNORMAL, SocketEnd } from './socket-end.ts';
import { within } from './within.ts';

/** How long the server may wait for a message. Below 30 s, where the limits of proxies begin. Seconds. */
const WAIT_SECONDS = 20;

/** How much longer than the server's wait a poll may take, for the network. Milliseconds. */
const WAY_MS = 10_000;

/** The least interval. A proxy may answer long polls at once, and the client must not poll it in a tight loop. Milliseconds. */
const SHORTEST_MS = 1_000;

interface Poll {
  readonly frames: readonly unknown[];
  readonly ack: string;
}

/** @param everyMs The interval of short polling; `undefined` for long polling. Milliseconds. */
export function polling(clock: Timers, everyMs: number | undefined): Receive {
  const wait = everyMs === undefined ? WAIT_SECONDS : 0;
  return async (session, { opened, received }) => {
    // If the server names a `retryAfter`, the frames stay in its mailbox, so the client polls again with the same `ack`.
    const ask = async (parameters: Readonly<Record<string, string>>): Promise<Poll> => {
      for (;;) {
        try {
          return await within(clock, wait * 1_000 + WAY_MS, pollOnce(session, parameters));
        } catch (cause) {
          if (!(cause instanceof SocketEnd && cause.retryAfter)) throw cause;
          await clock.pause(Math.max(cause.retryAfter, SHORTEST_MS));
        }
      }
    };
    let poll = await ask({ open: '1' });
    opened();
    for (let askedAt = clock.now(); ; askedAt = clock.now()) {
      if (poll.frames.length > 0) received(JSON.stringify(poll.frames));
      poll = await ask({ wait: `${wait}`, ack: poll.ack });
      // After a poll that brought frames there may be more, so the next poll follows at once.
      const leftMs = askedAt + (everyMs ?? SHORTEST_MS) - clock.now();
      if (poll.frames.length === 0 && leftMs > 0) await clock.pause(leftMs);
    }
  };
}

/** Opens a session that sends. It receives replies only, because a poll would occupy an execution of a function until it ends. */
export function sendingOnly(clock: Timers): Receive {
  return async (session, { opened }) => {
    await within(clock, WAY_MS, pollOnce(session, { open: '1' }));
    opened();
    await new Promise(() => {});
  };
}

/** @throws SocketEnd if the server refuses the poll, or if something else answered, such as a proxy. */
async function pollOnce(session: Session, parameters: Readonly<Record<string, string>>): Promise<Poll> {
  const response = await session.get('poll', parameters);
  const body: unknown = await response.json();
  if (isPoll(body)) return body;
  throw new SocketEnd(ABNORMAL);
}

function isPoll(value: unknown): value is Poll {
  if (typeof value !== 'object' || value === null) return false;
  return 'frames' in value && Array.isArray(value.frames) && 'ack' in value && typeof value.ack === 'string';
}
