/** Evaluates an alarm of a template over the metrics of an hour. */

import * as v from 'valibot';
import { evaluateMath, type Point } from './metric-math.ts';
import type { MetricKey, MetricStore, Statistic } from './metric-store.ts';

const dimensions = v.optional(v.array(v.object({ Name: v.string(), Value: v.unknown() })), []);
const statistic = v.picklist(['Sum', 'Maximum']);

const query = v.union([
  v.object({ Id: v.string(), Expression: v.string(), ReturnData: v.literal(true) }),
  v.object({
    Id: v.string(),
    MetricStat: v.object({
      Metric: v.object({ Namespace: v.string(), MetricName: v.string(), Dimensions: dimensions }),
      Stat: statistic,
      Period: v.number(),
    }),
    ReturnData: v.literal(false),
  }),
]);

const condition = {
  AlarmDescription: v.string(),
  ComparisonOperator: v.picklist(['GreaterThanOrEqualToThreshold', 'LessThanThreshold']),
  Threshold: v.number(),
  EvaluationPeriods: v.number(),
  DatapointsToAlarm: v.number(),
  TreatMissingData: v.picklist(['notBreaching', 'breaching']),
};

/** The properties of an alarm in a template: of one metric, or of an expression. */
export const alarmProperties = v.union([
  v.object({ ...condition, Metrics: v.array(query) }),
  v.object({
    ...condition,
    Namespace: v.string(),
    MetricName: v.string(),
    Dimensions: dimensions,
    Statistic: statistic,
    Period: v.number(),
  }),
]);

export type AlarmProperties = v.InferOutput<typeof alarmProperties>;

interface Measured {
  readonly key: MetricKey;
  readonly statistic: Statistic;
  readonly period: number;
}

/** Minutes of a period. */
export function periodOf(alarm: AlarmProperties): number {
  const [first] = measuredIn(alarm).values();
  if (!first) throw new Error('The alarm has no metric');
  return first.period / 60;
}

/** Whether the alarm is on, at the end of each period of the hour that begins with minute 0. */
export function alarmStates(alarm: AlarmProperties, store: MetricStore, minutes = 60): boolean[] {
  const period = periodOf(alarm);
  const count = Math.floor(minutes / period);
  const breaches = Array.from({ length: count }, (_, index) =>
    breachesAt(pointOf(alarm, store, index * period, (index + 1) * period), alarm),
  );
  return breaches.map((_, end) => {
    const window = breaches.slice(Math.max(0, end + 1 - alarm.EvaluationPeriods), end + 1);
    return window.filter(Boolean).length >= alarm.DatapointsToAlarm;
  });
}

function pointOf(alarm: AlarmProperties, store: MetricStore, from: number, to: number): Point {
  const points = new Map(
    [...measuredIn(alarm)].map(([id, one]) => [id, store.statistic(one.key, one.statistic, from, to)]),
  );
  if (!('Metrics' in alarm)) return points.get('');
  // An expression has a data point if one of its metrics has.
  if ([...points.values()].every((point) => point === undefined)) return undefined;
  const [expression] = alarm.Metrics.flatMap((one) => ('Expression' in one ? one.Expression : []));
  return evaluateMath(expression ?? '', points);
}

function breachesAt(point: Point, alarm: AlarmProperties): boolean {
  if (point === undefined) return alarm.TreatMissingData === 'breaching';
  return alarm.ComparisonOperator === 'LessThanThreshold'
    ? point < alarm.Threshold
    : point >= alarm.Threshold;
}

function measuredIn(alarm: AlarmProperties): ReadonlyMap<string, Measured> {
  if (!('Metrics' in alarm)) {
    const { Statistic: statistic, Period: period } = alarm;
    return new Map([['', { key: keyOf(alarm), statistic, period }]]);
  }
  return new Map(
    alarm.Metrics.flatMap((one) => {
      if (!('MetricStat' in one)) return [];
      const { Metric, Stat, Period } = one.MetricStat;
      return [[one.Id, { key: keyOf(Metric), statistic: Stat, period: Period }] as const];
    }),
  );
}

function keyOf(metric: {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value?: unknown }[];
}): MetricKey {
  const named = metric.Dimensions.map(({ Name, Value }) => [Name, Value] as const);
  return { namespace: metric.Namespace, metric: metric.MetricName, dimensions: Object.fromEntries(named) };
}
