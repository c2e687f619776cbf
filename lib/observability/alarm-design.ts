/** The terms in which the alarm table describes an alarm. */

import type { FunctionName, TableName } from '../../lambdas/manifest/manifest.ts';
import type { LogMetricName } from './log-metrics.ts';

/** Where a metric comes from. A design of several functions or tables stands for one metric of each. */
export type MetricDesign =
  | { readonly from: 'functions'; readonly metric: FunctionMetric; readonly of: readonly FunctionName[] }
  | { readonly from: 'tables'; readonly metric: TableMetric; readonly of: readonly TableName[] }
  | { readonly from: 'socket gateway'; readonly metric: 'ConnectCount' | 'ExecutionError' | 'MessageCount' }
  | { readonly from: 'http gateway'; readonly metric: '5xx' | 'Count' }
  | { readonly from: 'given-up queue' }
  /** Handshakes that the gateway answered with a 5xx, by its access log. */
  | { readonly from: 'access log' }
  | { readonly from: 'log lines'; readonly metric: LogMetricName };

type FunctionMetric =
  | 'AsyncEventsDropped'
  | 'ConcurrentExecutions'
  | 'DestinationDeliveryFailures'
  | 'Duration'
  | 'Errors'
  | 'Invocations'
  | 'IteratorAge'
  | 'Throttles';

type TableMetric = 'ReadThrottleEvents' | 'WriteThrottleEvents';

export interface AlarmDesign {
  /** Who or what is in trouble, as a sentence without its full stop. */
  readonly title: string;
  readonly watch: readonly MetricDesign[];
  /** `Sum` adds several metrics up. `Maximum` takes the highest of them. */
  readonly statistic: 'Sum' | 'Maximum';
  /** The alarm is about the percentage that `watch` is of both together, if `watch` is at least `least`. */
  readonly shareWith?: { readonly metric: MetricDesign; readonly least: number };
  /** Breaching from this value on; with `below`, under it. */
  readonly threshold: number;
  readonly below?: true;
  readonly reason: string;
  readonly periodMinutes: number;
  /** How many of the last periods have to breach. */
  readonly periods: readonly [breaching: number, of: number];
  /** Where no line and no invocation is a good sign, missing data is not breaching. */
  readonly missing: 'notBreaching' | 'breaching';
}

/** A single failure is repeated by the client or by Lambda, and needs no person. */
export const AT_ONCE = { periodMinutes: 5, periods: [1, 1], missing: 'notBreaching' } as const;

/** A quarter of an hour. A deployment, and clients that come back together, take less. */
export const LASTING = { periodMinutes: 5, periods: [3, 3], missing: 'notBreaching' } as const;

/** A metric that is counted in log lines. */
export const lines = (metric: LogMetricName) => [{ from: 'log lines', metric }] as const;
