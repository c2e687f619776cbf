/** The alarms about deliveries, presence and the sweep. */

import { type AlarmDesign, AT_ONCE, LASTING, lines } from './alarm-design.ts';

export const deliveryAlarms = {
  unreached: {
    title: 'Posts do not reach connections',
    watch: lines('ConnectionsUnreached'),
    statistic: 'Sum',
    threshold: 300,
    reason:
      'One a second, for a quarter of an hour. Single clients always lose their network; raise it for a large stage.',
    ...LASTING,
  },
  'posts-refused': {
    title: 'The platform refuses posts or workers for an error of ours',
    watch: lines('PostsRefused'),
    statistic: 'Sum',
    threshold: 1,
    reason: 'A permission, an endpoint or a quota is wrong, and no repetition mends that.',
    ...AT_ONCE,
  },
  'closes-refused': {
    title: 'The platform refuses to close connections',
    watch: lines('ClosesRefused'),
    statistic: 'Sum',
    threshold: 1,
    reason: 'A connection whose token was revoked may stay open.',
    ...AT_ONCE,
  },
  'deliveries-lost': {
    title: 'Deliveries were given up',
    watch: lines('DeliveriesFailed'),
    statistic: 'Sum',
    threshold: 1,
    reason: 'Every repetition failed. Messages of a channel without history are lost to its recipients.',
    ...AT_ONCE,
  },
  'frames-late': {
    title: 'Frames are dropped because the quota of requests is used up',
    watch: lines('LateFramesDropped'),
    statistic: 'Sum',
    threshold: 100,
    reason:
      'A newer frame replaces a late one, which costs no message with history. A quarter of an hour is a quota that is too small.',
    ...LASTING,
  },
  'events-not-published': {
    title: 'Events were not published',
    watch: lines('EventsNotPublished'),
    statistic: 'Sum',
    threshold: 1,
    reason: 'The sender is not told, and a malformed event is not repeated: its message is lost.',
    ...AT_ONCE,
  },
  'presence-late': {
    title: 'Changes of presence are late',
    watch: lines('PresenceLate'),
    statistic: 'Sum',
    threshold: 5,
    reason:
      'Each is done again within a minute. For a quarter of an hour, something keeps them from being done.',
    ...LASTING,
  },
  'sweep-unfinished': {
    title: 'The sweep does not close all expired connections',
    watch: lines('SweepsUnfinished'),
    statistic: 'Sum',
    threshold: 5,
    reason:
      'All five sweeps of five minutes: connections whose token has ended stay open for longer and longer.',
    ...AT_ONCE,
  },
  'sweep-stopped': {
    title: 'The sweep does not run',
    watch: [{ from: 'functions', metric: 'Invocations', of: ['close-expired'] }],
    statistic: 'Sum',
    threshold: 1,
    below: true,
    reason:
      'It runs every minute. Without it, a connection whose token has ended stays open, and due presence waits.',
    periodMinutes: 5,
    periods: [3, 3],
    missing: 'breaching',
  },
} as const satisfies Readonly<Record<string, AlarmDesign>>;
