/** The metrics of an hour, minute by minute, as CloudWatch keeps them. */

import type { Point } from './metric-math.ts';

export type Statistic = 'Sum' | 'Maximum';

export interface MetricKey {
  readonly namespace: string;
  readonly metric: string;
  /** Values are texts, or what a template has in their place. */
  readonly dimensions: Readonly<Record<string, unknown>>;
}

interface Sample {
  readonly minute: number;
  readonly value: number;
}

export class MetricStore {
  private readonly samples = new Map<string, Sample[]>();

  put(key: MetricKey, minute: number, value: number): void {
    const name = nameOf(key);
    this.samples.set(name, [...(this.samples.get(name) ?? []), { minute, value }]);
  }

  /** Of the minutes from `from` until before `to`; `undefined` without any data. */
  statistic(key: MetricKey, statistic: Statistic, from: number, to: number): Point {
    const values = (this.samples.get(nameOf(key)) ?? [])
      .filter(({ minute }) => minute >= from && minute < to)
      .map(({ value }) => value);
    if (values.length === 0) return undefined;
    return statistic === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  }
}

function nameOf({ namespace, metric, dimensions }: MetricKey): string {
  return JSON.stringify([
    namespace,
    metric,
    Object.entries(dimensions).toSorted(([a], [b]) => a.localeCompare(b)),
  ]);
}
