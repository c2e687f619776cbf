/** The alarms about functions that no client waits for, and about the services of AWS. */

import type { FunctionName, TableName } from '../../lambdas/manifest/manifest.ts';
import { type AlarmDesign, AT_ONCE, LASTING, lines } from './alarm-design.ts';

const working = [
  'close-expired',
  'publish-event',
  'deliver',
  'pack',
  'release',
  'presence',
  'farewell',
  'connection-events',
  'channel-events',
  'message-events',
] as const satisfies readonly FunctionName[];

const readers = [
  'presence',
  'channel-events',
  'connection-events',
  'message-events',
  'pack',
] as const satisfies readonly FunctionName[];

/** The tables with rows that many writers share: the head of a channel, its messages, its subscriptions and members. */
const hot = [
  'connections',
  'subscriptions',
  'channels',
  'messages',
  'presence',
] as const satisfies readonly TableName[];

export const serviceAlarms = {
  'workers-fail': {
    title: 'Functions that no client waits for fail again and again',
    watch: [{ from: 'functions', metric: 'Errors', of: working }],
    statistic: 'Sum',
    threshold: 1,
    reason: 'Lambda repeats each of them. Errors in three periods are errors that repetitions do not mend.',
    ...LASTING,
  },
  'work-lost': {
    title: 'Lambda dropped work after all repetitions',
    watch: [
      { from: 'functions', metric: 'AsyncEventsDropped', of: ['release', 'publish-event'] },
      { from: 'functions', metric: 'DestinationDeliveryFailures', of: ['deliver', 'farewell'] },
    ],
    statistic: 'Sum',
    threshold: 1,
    reason: 'Each one is a loss: an event that was not published, or recipients who are not told to resume.',
    ...AT_ONCE,
  },
  'readers-behind': {
    title: 'Readers of table streams are behind',
    watch: [{ from: 'functions', metric: 'IteratorAge', of: readers }],
    statistic: 'Maximum',
    threshold: 60_000,
    reason:
      'Milliseconds. Members are seen a minute late. For a moment, that is normal when 100,000 clients come back.',
    periodMinutes: 1,
    periods: [5, 5],
    missing: 'notBreaching',
  },
  'changes-given-up': {
    title: 'A reader gave up changes of a table',
    watch: [{ from: 'given-up queue' }],
    statistic: 'Maximum',
    threshold: 1,
    reason: 'The queue is normally empty. The stream keeps the records of a message for a day.',
    ...AT_ONCE,
  },
  'gateway-fails': {
    title: 'The gateway cannot call functions',
    watch: [{ from: 'socket gateway', metric: 'ExecutionError' }],
    statistic: 'Sum',
    threshold: 5,
    reason:
      'A permission that is missing or a throttled function. Single ones are failures of the network of AWS.',
    ...AT_ONCE,
  },
  'http-api-fails': {
    title: 'The HTTP API answers with 5xx',
    watch: [{ from: 'http gateway', metric: '5xx' }],
    statistic: 'Sum',
    threshold: 5,
    reason: 'Servers repeat a request that failed. Five in five minutes are no accident.',
    ...AT_ONCE,
  },
  'tables-throttled': {
    title: 'DynamoDB throttles a table',
    watch: [
      { from: 'tables', metric: 'ReadThrottleEvents', of: hot },
      { from: 'tables', metric: 'WriteThrottleEvents', of: hot },
    ],
    statistic: 'Sum',
    threshold: 100,
    reason:
      'A table that grows is throttled for moments, and the SDK repeats. Two periods of three are a hot channel.',
    periodMinutes: 5,
    periods: [2, 3],
    missing: 'notBreaching',
  },
  'tables-fail': {
    title: 'Commands fail because of DynamoDB',
    watch: lines('TablesFailed'),
    statistic: 'Sum',
    threshold: 1,
    reason: 'The SDK has repeated the request already: the command of a client failed.',
    ...AT_ONCE,
  },
} as const satisfies Readonly<Record<string, AlarmDesign>>;
