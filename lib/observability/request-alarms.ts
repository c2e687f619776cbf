/** The alarms about what clients and servers wait for. */

import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import { type AlarmDesign, AT_ONCE, LASTING, lines } from './alarm-design.ts';

/**
 * Not `authorize`: it answers 401 by an exception, because the gateway takes no other answer for one (AU-4), and Lambda counts that as an
 * error. `HandshakesFailed` has its failures.
 */
const answering = [
  'connect',
  'disconnect',
  'default',
  'fallback',
  'authorize-api',
  'api',
  'revoke',
] as const satisfies readonly FunctionName[];

export const requestAlarms = {
  'commands-fail': {
    title: 'Commands and requests fail with `internal`',
    watch: lines('CommandsFailed'),
    statistic: 'Sum',
    threshold: 5,
    reason: 'The client repeats one that failed. Five in five minutes are no accident.',
    ...AT_ONCE,
  },
  'handlers-fail': {
    title: 'Handlers of the configuration fail',
    watch: lines('HandlersFailed'),
    statistic: 'Sum',
    threshold: 5,
    reason: 'As for commands: the command of each was refused with `internal`.',
    ...AT_ONCE,
  },
  'handshakes-fail': {
    title: 'Handshakes fail for an error of ours',
    watch: [{ from: 'access log' }],
    statistic: 'Sum',
    threshold: 5,
    reason: 'Clients try again within seconds. Five in five minutes are one client that stays out, or many.',
    ...AT_ONCE,
  },
  'handshakes-refused': {
    title: 'Half of all handshakes are refused',
    watch: lines('HandshakesRefused'),
    statistic: 'Sum',
    shareWith: { metric: { from: 'socket gateway', metric: 'ConnectCount' }, least: 50 },
    threshold: 50,
    reason:
      'Some clients always have an old token. Half of all, for a quarter of an hour, is a wrong secret or an attack.',
    ...LASTING,
  },
  'functions-fail': {
    title: 'Functions that answer clients and servers fail',
    watch: [{ from: 'functions', metric: 'Errors', of: answering }],
    statistic: 'Sum',
    threshold: 3,
    reason:
      'These functions answer every error themselves. What Lambda counts is a crash, a timeout or a lack of memory.',
    ...AT_ONCE,
  },
  'functions-throttled': {
    title: 'Lambda has no execution free for clients and servers',
    watch: [{ from: 'functions', metric: 'Throttles', of: ['authorize', ...answering] }],
    statistic: 'Sum',
    threshold: 10,
    reason:
      'Lambda starts few executions at once for a sudden load, which throttles some. Two periods of three are a lack.',
    periodMinutes: 5,
    periods: [2, 3],
    missing: 'notBreaching',
  },
  'functions-slow': {
    title: 'Commands and operations take almost as long as they may',
    watch: [{ from: 'functions', metric: 'Duration', of: ['default', 'api'] }],
    statistic: 'Maximum',
    threshold: 22_000,
    reason: 'Milliseconds. The functions end after 28 and 29 s, and the gateway waits no longer.',
    periodMinutes: 5,
    periods: [2, 3],
    missing: 'notBreaching',
  },
} as const satisfies Readonly<Record<string, AlarmDesign>>;
