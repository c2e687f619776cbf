/** The metrics that CloudWatch counts in log lines which the functions write anyway. */

import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import { countedFields, type LogLine, logLines } from '../../lambdas/realtime/log-lines.ts';

export interface LogMetricDesign {
  readonly title: string;
  /** The lines that count. */
  readonly lines: readonly LogLine[];
  /** With it, only lines count whose error has one of these names. */
  readonly errors?: readonly string[];
  /** The functions that can write one of the lines. A test compares them with the modules that the functions import. */
  readonly writers: readonly FunctionName[];
  /** A field of the lines whose number is added up, instead of the lines. */
  readonly adds?: string;
  /** A field with few values: the dashboard has a curve for each of them. */
  readonly by?: string;
}

/** The functions that post to connections. */
const posting = [
  'close-expired',
  'default',
  'fallback',
  'api',
  'publish-event',
  'deliver',
  'pack',
  'release',
  'presence',
  'farewell',
] as const satisfies readonly FunctionName[];

const failures = [
  logLines.commandFailed,
  logLines.requestFailed,
  logLines.streamFailed,
  logLines.operationFailed,
] as const;

const failing = ['default', 'fallback', 'api', 'publish-event'] as const satisfies readonly FunctionName[];

export const logMetrics = {
  HandshakesRefused: {
    title: 'handshakes that were refused',
    lines: [logLines.handshakeRefused],
    writers: ['authorize', 'connect'],
    by: 'code',
  },
  RequestsRefused: {
    title: 'HTTP requests that were refused',
    lines: [logLines.requestRefused],
    writers: ['fallback', 'authorize-api'],
  },
  CommandsFailed: {
    title: 'commands and requests that were answered with `internal`',
    lines: failures,
    writers: failing,
  },
  TablesFailed: {
    title: 'commands and requests that failed because of DynamoDB',
    lines: failures,
    errors: [
      'InternalServerError',
      'ProvisionedThroughputExceededException',
      'RequestLimitExceeded',
      'ResourceNotFoundException',
      'ServiceUnavailable',
      'ThrottlingException',
    ],
    writers: failing,
  },
  HandlersFailed: {
    title: 'handlers of the configuration that failed',
    lines: [logLines.handlerFailed],
    writers: ['authorize', 'default', 'fallback', 'api', 'publish-event'],
  },
  EventsNotPublished: {
    title: 'events that were not published',
    lines: [logLines.eventNotPublished, logLines.eventMalformed, logLines.eventOfOtherStage],
    writers: ['publish-event'],
  },
  ConnectionsUnreached: {
    title: 'connections that a post did not reach',
    lines: [logLines.unreached],
    writers: posting,
    adds: countedFields[logLines.unreached],
  },
  PostsRefused: {
    title: 'refusals of posts and of workers for an error of ours',
    lines: [logLines.postsRefused, logLines.postsStillRefused, logLines.workersRefused],
    writers: posting,
  },
  ClosesRefused: {
    title: 'refusals to close connections',
    lines: [logLines.closesRefused],
    writers: [
      'connect',
      'disconnect',
      'close-expired',
      'default',
      'fallback',
      'authorize-api',
      'api',
      'publish-event',
      'revoke',
      'deliver',
      'pack',
      'release',
      'presence',
      'farewell',
    ],
  },
  DeliveriesFailed: {
    title: 'deliveries that were given up',
    lines: [logLines.broadcastGivenUp, logLines.deliveryFailed],
    writers: posting,
  },
  LateFramesDropped: {
    title: 'recipients of frames that came too late for the quota',
    lines: [logLines.lateFrameDropped],
    writers: ['deliver', 'release'],
    adds: countedFields[logLines.lateFrameDropped],
  },
  PresenceLate: {
    title: 'changes of presence that are late',
    lines: [
      logLines.presenceLate,
      logLines.presenceOverdue,
      logLines.presenceCheckedAgain,
      logLines.presenceWorkerFailed,
      logLines.farewellFailed,
      logLines.dueListUnread,
    ],
    writers: ['close-expired', 'presence', 'farewell', 'release'],
  },
  SweepsUnfinished: {
    title: 'sweeps that did not close all expired connections',
    lines: [logLines.sweepUnfinished],
    writers: ['close-expired'],
  },
} as const satisfies Readonly<Record<string, LogMetricDesign>>;

export type LogMetricName = keyof typeof logMetrics;

export const logMetricNames: readonly LogMetricName[] = Object.keys(logMetrics).filter(isLogMetric);

function isLogMetric(name: string): name is LogMetricName {
  return Object.hasOwn(logMetrics, name);
}

/** The pattern of a metric filter. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html */
export function patternOf({ lines, errors }: Pick<LogMetricDesign, 'lines' | 'errors'>): string {
  const written = anyOf('$.message', lines);
  return errors ? `{ ${written} && ${anyOf('$.error.name', errors)} }` : `{ ${written} }`;
}

function anyOf(field: string, values: readonly string[]): string {
  return `(${values.map((value) => `${field} = ${JSON.stringify(value)}`).join(' || ')})`;
}
