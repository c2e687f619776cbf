/** The management API as an environment sees it: posts cost its core, take their time, and may exceed the quota. */

import type { Outbound } from '../../lambdas/realtime/connections/outbound.ts';
import { HANDSHAKE_CPU_MICROS } from './assumptions.ts';
import { memberOf } from './crowd.ts';
import type { ExecutionEnvironment } from './execution-environment.ts';
import type { Tally } from './tally.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface GatewayOptions {
  readonly clock: VirtualClock;
  readonly tally: Tally;
  /** The account's requests, shared by all environments (LM-1). */
  readonly quota: { tryTake(now: number): boolean };
  readonly cpuMicrosPerPost: number;
  /** Milliseconds there and back. */
  readonly post: () => number;
  readonly handshake: () => number;
}

export function outboundOf(
  { clock, tally, quota, cpuMicrosPerPost, post, handshake }: GatewayOptions,
  environment: ExecutionEnvironment,
): Outbound {
  return {
    post(connectionId, frame) {
      const now = clock.now();
      tally.posted(now);
      const isNew = environment.takeSocket();
      const micros = isNew ? cpuMicrosPerPost + HANDSHAKE_CPU_MICROS.value : cpuMicrosPerPost;
      const leavesAt = environment.core.doneAt(now, micros / 1000) + (isNew ? handshake() : 0);
      const halfWay = post() / 2;
      return new Promise((resolve) => {
        clock.at(leavesAt + halfWay, () => {
          const isAccepted = quota.tryTake(clock.now());
          clock.at(clock.now() + halfWay, () => {
            environment.returnSocket();
            if (isAccepted) tally.sent(memberOf(connectionId), frame.byteLength, clock.now());
            else tally.refused();
            resolve(isAccepted ? 'sent' : 'throttled');
          });
        });
      });
    },

    async disconnect(connectionId) {
      await clock.pause(post());
      tally.letGo.push(connectionId);
      return 'closed';
    },
  };
}
