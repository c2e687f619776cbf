/** The first limit of each kind of load, by arithmetic on the settings of a stage. */

import { LONGEST_WINDOW_MS } from '../../lambdas/realtime/presence/window.ts';
import { resume } from '../../prices/bills.ts';
import type { Row } from '../report.ts';
import { count } from '../simulator/formatted.ts';
import { stageLimits } from './stage-limits.ts';

/** The client renews its connection after 104.5 minutes on average. Seconds. */
const RENEWED_AFTER_S = 104.5 * 60;

const ROOM = 50;

/** A silent client pings 12 times in each renewal: after 4.5, 9, 18 and so on to 99 minutes. Seconds. */
const HEARTBEAT_S = RENEWED_AFTER_S / 12;

/** Strongly consistent, of one partition, and so of one key. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const PARTITION_READS_PER_SECOND = 3_000;

/** The quotas of the platform behind the settings of the stage. The numbers are those of `docs/local-fidelity.md`. */
const quota = {
  requests: 'requests of an account, 10,000 a second (LM-1)',
  handshakes: 'new connections of an account, 500 a second (LM-1)',
  partition: 'reads of a partition of DynamoDB, 3,000 units a second',
} as const;

export function firstLimits(): readonly Row[] {
  const { postsPerSecond, connectsPerSecond, commandsPerSecond, pingsPerSecond } = stageLimits;
  const pings = `${count(pingsPerSecond * HEARTBEAT_S)} connections`;
  const resuming = PARTITION_READS_PER_SECOND / resume.reads;
  // Each window tells everyone in the channel once, and no window is longer.
  const observers = (postsPerSecond * LONGEST_WINDOW_MS) / 1_000;
  return [
    ['idle connections', 'pings', pings, quota.requests],
    ['silent connections in rooms', 'pings', pings, quota.requests],
    [
      'connections that are renewed',
      'handshakes',
      `${count(connectsPerSecond * RENEWED_AFTER_S)} connections`,
      quota.handshakes,
    ],
    [
      `messages to rooms of ${ROOM}`,
      'posts',
      `${count(Math.floor(postsPerSecond / ROOM))} publishes a second`,
      quota.requests,
    ],
    [
      'one message to everyone in a minute',
      'posts',
      `${count(postsPerSecond * 60)} subscribers`,
      quota.requests,
    ],
    [
      'one channel with presence, in which users come and go',
      'posts',
      `${count(observers)} subscribers`,
      quota.requests,
    ],
    [
      'clients that come back to many channels',
      'handshakes',
      `${count(connectsPerSecond)} a second`,
      quota.handshakes,
    ],
    [
      'viewers of one channel that resume 3,000 messages each',
      'reads of the log',
      `${resuming.toFixed(1)} a second; 10,000 viewers take ${count(10_000 / resuming / 60)} minutes`,
      quota.partition,
    ],
    [
      'commands of clients',
      'the throttle of the stage',
      `${count(commandsPerSecond)} a second`,
      quota.requests,
    ],
  ];
}
