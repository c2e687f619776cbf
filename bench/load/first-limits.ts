/** The first limit of each kind of load, by arithmetic on the settings of a stage. */

import type { Row } from '../report.ts';
import { count } from '../simulator/formatted.ts';
import { stageLimits } from './stage-limits.ts';

/** The client renews its connection after 104.5 minutes on average. Seconds. */
const RENEWED_AFTER_S = 104.5 * 60;

const ROOM = 50;

/** A silent client pings 12 times in each renewal: after 4.5, 9, 18 and so on to 99 minutes. Seconds. */
const HEARTBEAT_S = RENEWED_AFTER_S / 12;

export function firstLimits(): readonly Row[] {
  const { postsPerSecond, connectsPerSecond, commandsPerSecond, pingsPerSecond } = stageLimits;
  // Each join is told to everyone who is there already: N joins are N² / 2 posts.
  const joinsInTenMinutes = Math.floor(Math.sqrt(2 * postsPerSecond * 600));
  return [
    ['idle connections', 'pings', `${count(pingsPerSecond * HEARTBEAT_S)} connections`],
    [
      'connections that are renewed',
      'handshakes',
      `${count(connectsPerSecond * RENEWED_AFTER_S)} connections`,
    ],
    [
      `messages to rooms of ${ROOM}`,
      'posts',
      `${count(Math.floor(postsPerSecond / ROOM))} publishes a second`,
    ],
    ['one message to everyone in a minute', 'posts', `${count(postsPerSecond * 60)} subscribers`],
    ['joins of a room with presence, in ten minutes', 'posts', `${count(joinsInTenMinutes)} users`],
    ['clients that come back and catch up', 'handshakes', `${count(connectsPerSecond)} a second`],
    ['commands of clients', 'the throttle of the stage', `${count(commandsPerSecond)} a second`],
  ];
}
