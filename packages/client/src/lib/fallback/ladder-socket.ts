/** The WebSocket constructor that the core gets. Each new socket uses the transport that the ladder names at that moment. */

import type { Timers } from '../platform/clock.ts';
import type { WebSocketConstructor } from '../platform/web-socket.ts';
import type { Ladder } from './ladder.ts';
import { outcomeOf } from './outcome.ts';
import type { Dial, Transport } from './transports.ts';
import { WatchedSocket } from './watched-socket.ts';

export interface LadderSocketOptions {
  readonly ladder: Ladder;
  readonly dials: Readonly<Record<Transport, Dial>>;
  readonly clock: Timers;
  readonly openTimeoutMs: number;
  readonly stableMs: number;
  /** A socket has opened or ended. */
  onChange(): void;
}

export function ladderSocket(options: LadderSocketOptions): WebSocketConstructor {
  const { ladder, dials, clock, openTimeoutMs, stableMs, onChange } = options;
  return class extends WatchedSocket {
    constructor(_url: string, protocols: string[]) {
      const transport = ladder.next;
      super(dials[transport](protocols), {
        clock,
        openTimeoutMs,
        opened() {
          ladder.opened(transport);
          onChange();
        },
        ended(ending) {
          ladder.ended(transport, outcomeOf(ending, stableMs), ending.openMs !== undefined);
          onChange();
        },
      });
    }
  };
}
