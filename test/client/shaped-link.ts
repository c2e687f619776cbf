/**
 * A link of stated speed between the fake server and its clients, in virtual time.
 *
 * Frames to the client pass one after the other, as on one TCP connection, in segments. A frame arrives with its last segment. When a
 * socket is closed, its segments that have not passed are dropped. Frames to the server only take the delay.
 */

import type { FakeClock } from './fake-clock.ts';
import type { FakeServer } from './fake-server.ts';
import type { FakeSocket } from './fake-socket.ts';

export interface Link {
  /** How fast frames come to the client. Bytes per second. @default without a limit */
  readonly bytesPerSecond?: number;
  /** How long a frame is under way beside its bytes, in each direction. Milliseconds. @default 0 */
  readonly delayMs?: number;
  /** How long the server works on a frame, pings included. Milliseconds. @default 0 */
  readonly workMs?: number;
}

/** What has passed over a link. */
export interface Passed {
  /** Bytes that the link has carried to the client. */
  down: number;
  /** Frames that the client has received. */
  frames: number;
}

/** What TCP puts into one packet. Bytes. */
const SEGMENT_BYTES = 1_460;

interface Carried {
  readonly socket: FakeSocket;
  readonly text: string;
  bytesLeft: number;
}

/** Shapes every socket of the server from now on. */
export function shape(
  server: FakeServer,
  clock: FakeClock,
  { bytesPerSecond = Number.POSITIVE_INFINITY, delayMs = 0, workMs = 0 }: Link,
): Passed {
  const passed: Passed = { down: 0, frames: 0 };
  /** All sockets share the link. */
  const queue: Carried[] = [];

  function arrive({ socket, text }: Carried): void {
    clock.after(delayMs, () => {
      passed.frames += 1;
      socket.arrive(text);
    });
  }

  function pass(): void {
    const [first] = queue;
    if (!first) return;
    const bytes = first.socket.state === 'open' ? Math.min(first.bytesLeft, SEGMENT_BYTES) : 0;
    clock.after((bytes * 1_000) / bytesPerSecond, () => {
      passed.down += bytes;
      first.bytesLeft -= bytes;
      if (first.bytesLeft === 0) arrive(first);
      if (first.bytesLeft === 0 || bytes === 0) queue.shift();
      pass();
    });
  }

  server.schedule = (run) => void clock.after(delayMs + workMs, run);
  server.carry = (socket, text) => {
    const isFree = queue.length === 0;
    queue.push({ socket, text, bytesLeft: Buffer.byteLength(text) });
    if (isFree) pass();
  };
  return passed;
}
