/** Links that carry little: a client that was away has to fetch what it missed, and nothing of it again. */

import { MINUTE, SECOND, type Situation } from '../situation.ts';
import type { Stage } from '../stage.ts';
import { every } from '../stage.ts';

const KB = 1_000;

const CHANNELS = 60;

/** Of 10 KB each: 60 KB in each channel. */
const MESSAGES = 6;

/** On links this slow, a request and what is behind it share seconds of delay. */
function slowLink(bytesPerSecond: number) {
  return {
    down: { bytesPerSecond, delayMs: 60, jitterMs: 20 },
    up: { bytesPerSecond, delayMs: 60, jitterMs: 20 },
  };
}

function behind(
  stage: Stage,
  kilobytesPerSecond: number,
  channels: number,
  messages: number,
  bytes: number,
): void {
  const positions = Array.from({ length: channels }, (_, index) =>
    stage.fill(`open:behind-${index}`, messages, bytes),
  );
  const visitor = stage.visit(stage.device(slowLink(kilobytesPerSecond * KB)));
  positions.forEach((after, index) => {
    stage.follow(visitor, `open:behind-${index}`, { after });
  });
}

function manyChannels(kilobytesPerSecond: number, lastsMs: number): Situation {
  return {
    name: `slow-${kilobytesPerSecond}`,
    about: `${CHANNELS} channels with 60 KB behind in each, at ${kilobytesPerSecond} KB/s`,
    hasHistory: true,
    lastsMs,
    bounds: { bytesOverNeeded: 1.5 },
    play: (stage) => behind(stage, kilobytesPerSecond, CHANNELS, MESSAGES, 10 * KB),
  };
}

export const slowLinks: readonly Situation[] = [
  // The bytes alone take 36, 72 and 360 s.
  manyChannels(100, 4 * MINUTE),
  manyChannels(50, 4 * MINUTE),
  manyChannels(10, 12 * MINUTE),
  {
    name: 'slow-one-channel',
    about: 'one channel with 144 KB behind, at 11 KB/s',
    hasHistory: true,
    lastsMs: 2 * MINUTE,
    bounds: { bytesOverNeeded: 1.5 },
    play: (stage) => behind(stage, 11, 1, 12, 12 * KB),
  },
  {
    name: 'slow-and-lively',
    about: '20 channels with 30 KB behind at 20 KB/s, and a message of 500 bytes each second meanwhile',
    hasHistory: true,
    lastsMs: 3 * MINUTE,
    bounds: { bytesOverNeeded: 1.5 },
    play(stage) {
      behind(stage, 20, 20, 3, 10 * KB);
      stage.at(every(SECOND, 0, 2 * MINUTE), (index) => stage.say(`open:behind-${index % 20}`, 500));
    },
  },
];
