/** Receiving by asking: long polling, whose answer waits until there is something, or short polling at an interval. */

import type { Timers } from '../../platform/clock.ts';
import type { Receive } from './http-socket.ts';
import type { Session } from './session.ts';
import { ABNORMAL, SocketEnd } from './socket-end.ts';
import { within } from './within.ts';

/** The most the server holds an answer back, which proxies let pass: their own limits begin at 30 s. Seconds. */
const WAIT_SECONDS = 20;

/** For the way there and back, beyond what the server waits. Milliseconds. */
const WAY_MS = 10_000;

/** Something on the way may answer long polls at once, and must not be asked in a tight loop. Milliseconds. */
const SHORTEST_MS = 1_000;

interface Answer {
  readonly frames: readonly unknown[];
  readonly ack: string;
}

/** @param everyMs the interval of short polling; without it, it is long polling. */
export function polling(clock: Timers, everyMs: number | undefined): Receive {
  const wait = everyMs === undefined ? WAIT_SECONDS : 0;
  return async (session, { opened, received }) => {
    // Asks again when the server says how long to wait: what is in its mailbox stays there, and the same `ack` is good.
    const ask = async (parameters: Readonly<Record<string, string>>): Promise<Answer> => {
      for (;;) {
        try {
          return await within(clock, wait * 1_000 + WAY_MS, poll(session, parameters));
        } catch (cause) {
          if (!(cause instanceof SocketEnd && cause.retryAfter)) throw cause;
          await clock.pause(Math.max(cause.retryAfter, SHORTEST_MS));
        }
      }
    };
    let answer = await ask({ open: '1' });
    opened();
    for (let askedAt = clock.now(); ; askedAt = clock.now()) {
      if (answer.frames.length > 0) received(JSON.stringify(answer.frames));
      answer = await ask({ wait: `${wait}`, ack: answer.ack });
      // Where there was something there may be more, so the next question comes at once.
      const leftMs = askedAt + (everyMs ?? SHORTEST_MS) - clock.now();
      if (answer.frames.length === 0 && leftMs > 0) await clock.pause(leftMs);
    }
  };
}

/** @throws SocketEnd when it is refused, or when what answers is not the server. */
async function poll(session: Session, parameters: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await session.get('poll', parameters);
  const answer: unknown = await response.json();
  if (isAnswer(answer)) return answer;
  throw new SocketEnd(ABNORMAL);
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  return 'frames' in value && Array.isArray(value.frames) && 'ack' in value && typeof value.ack === 'string';
}
