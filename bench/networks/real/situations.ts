/** Situations over real sockets: TCP, the package `ws`, and the deployed functions in the local runtime. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { LinkShape } from '../link.ts';
import { SECOND, type Situation } from '../situation.ts';
import type { RealStage } from './real-stage.ts';

export interface RealSituation extends Pick<Situation, 'name' | 'about' | 'hasHistory' | 'bounds'> {
  readonly shape: LinkShape;
  /** How long messages may take after the last one was published. Milliseconds. */
  readonly settleMs: number;
  play(stage: RealStage): Promise<void>;
}

const KB = 1_000;

const CHANNELS = 20;

/** One message each 500 ms past the proxy, and one in 2 s through it, for this number of seconds. */
async function lively(stage: RealStage, channel: string, seconds: number, each: (tick: number) => void) {
  await stage.follow(channel);
  for (let tick = 0; tick < 2 * seconds; tick += 1) {
    each(tick);
    await stage.say(channel);
    if (tick % 4 === 0) stage.publish(channel);
    await sleep(SECOND / 2);
  }
}

export const realSituations: readonly RealSituation[] = [
  {
    name: 'tcp-slow',
    about: `real sockets: ${CHANNELS} channels with 30 KB behind in each, at 40 KB/s`,
    hasHistory: true,
    bounds: { bytesOverNeeded: 1.5 },
    shape: { down: { bytesPerSecond: 40 * KB }, up: { bytesPerSecond: 40 * KB } },
    settleMs: 60 * SECOND,
    async play(stage) {
      const names = Array.from({ length: CHANNELS }, (_, index) => `open:tcp-slow-${index}`);
      const positions = await Promise.all(names.map((name) => stage.fill(name, 3, 10 * KB)));
      await Promise.all(names.map((name, index) => stage.follow(name, positions[index])));
    },
  },
  {
    name: 'tcp-flapping',
    about:
      'real sockets: all connections are reset each 3 s, for 24 s, with 2 % loss; two messages each second',
    hasHistory: true,
    shape: { down: { delayMs: 50, jitterMs: 20, loss: 0.02 }, up: { delayMs: 50, jitterMs: 20, loss: 0.02 } },
    settleMs: 40 * SECOND,
    play: (stage) =>
      lively(stage, 'open:tcp-flapping', 24, (tick) => {
        if (tick % 6 === 5) stage.proxy.link.cut();
      }),
  },
  {
    name: 'tcp-silence',
    about: 'real sockets: after 4 s all packets of the connection vanish; the client publishes each 2 s',
    hasHistory: true,
    shape: {},
    settleMs: 40 * SECOND,
    play: (stage) =>
      lively(stage, 'open:tcp-silence', 30, (tick) => {
        if (tick === 8) stage.proxy.link.silence('down', 'up');
      }),
  },
];
