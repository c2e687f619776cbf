/** The dashboard of a stage: the states of its alarms, what clients do, and a graph for each alarm. */

import { Aws, Lazy, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { functionNames } from '../../lambdas/manifest/manifest.ts';
import type { AlarmSettings } from '../settings/alarm-settings.ts';
import type { AlarmDesign, MetricDesign } from './alarm-design.ts';
import { alarmNames, alarms } from './alarm-table.ts';
import { type LogMetricDesign, logMetricNames, logMetrics } from './log-metrics.ts';
import { BY } from './metric-filters.ts';
import { seriesOf, type Watched } from './series.ts';
import { expressionOf, type StageAlarms } from './stage-alarms.ts';

/** The grid of a dashboard is 24 wide: three graphs in a row. */
const COLUMNS = 3;
const WIDTH = 8;
const HEIGHT = 6;

export interface DashboardProps {
  readonly watched: Watched;
  readonly settings: AlarmSettings;
  readonly alarms: StageAlarms;
}

interface Graph {
  readonly title: string;
  readonly metrics: readonly unknown[];
  readonly stat: string;
  readonly period: number;
  readonly threshold?: number;
}

export class StageDashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const dashboard = new CfnDashboard(this, 'Dashboard', {
      // Functions come with events that are turned on later.
      dashboardBody: Lazy.string({
        produce: () => Stack.of(this).toJsonString({ widgets: widgetsOf(props) }),
      }),
    });
    this.name = dashboard.ref;
  }
}

function widgetsOf({ watched, settings, alarms: made }: DashboardProps): object[] {
  const states = {
    ...{ type: 'alarm', x: 0, y: 0, width: COLUMNS * WIDTH, height: 4 },
    properties: { title: 'Alarms', alarms: [...made.all.values()].map(({ attrArn }) => attrArn) },
  };
  const graphs = [
    ...trafficOf(watched),
    ...alarmNames.map((name) => graphOf(alarms[name], watched, settings.thresholds[name])),
  ];
  return [states, ...graphs.map((graph, index) => placed(graph, index))];
}

function placed({ title, metrics, stat, period, threshold }: Graph, index: number): object {
  return {
    type: 'metric',
    x: (index % COLUMNS) * WIDTH,
    y: 4 + Math.floor(index / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: {
      title,
      metrics,
      stat,
      period,
      region: Aws.REGION,
      view: 'timeSeries',
      ...(threshold !== undefined && {
        annotations: { horizontal: [{ value: threshold, label: 'alarm' }] },
      }),
    },
  };
}

/** What no alarm watches, because it is neither good nor bad. */
function trafficOf(watched: Watched): Graph[] {
  const stage = [
    { from: 'socket gateway', metric: 'ConnectCount' },
    { from: 'socket gateway', metric: 'MessageCount' },
    { from: 'http gateway', metric: 'Count' },
  ] as const satisfies readonly MetricDesign[];
  const ofFunctions = (metric: 'ConcurrentExecutions' | 'Duration' | 'Invocations') =>
    rowsOf([{ from: 'functions', metric, of: functionNames }], watched);
  return [
    { title: 'Handshakes, messages and requests', metrics: rowsOf(stage, watched), stat: 'Sum', period: 60 },
    { title: 'Invocations', metrics: ofFunctions('Invocations'), stat: 'Sum', period: 60 },
    { title: 'Duration, p99', metrics: ofFunctions('Duration'), stat: 'p99', period: 60 },
    {
      title: 'Executions at once, and those of the account',
      metrics: [...ofFunctions('ConcurrentExecutions'), ['AWS/Lambda', 'ConcurrentExecutions']],
      stat: 'Maximum',
      period: 60,
    },
    ...logMetricNames.flatMap((name) => byField(name, logMetrics[name], watched)),
  ];
}

/** A curve for each value of the field. They are not known beforehand, so the dashboard searches for them. */
function byField(name: string, { title, by }: LogMetricDesign, { namespace }: Watched): Graph[] {
  if (!by) return [];
  const search = `SEARCH('{${namespace},${BY}} MetricName="${name}By"', 'Sum', 300)`;
  return [{ title: `By ${by}: ${title}`, metrics: [[{ expression: search }]], stat: 'Sum', period: 300 }];
}

function graphOf(design: AlarmDesign, watched: Watched, threshold = design.threshold): Graph {
  const { title, watch, shareWith, statistic: stat, periodMinutes } = design;
  const rows = rowsOf(watch, watched);
  const shown = shareWith
    ? [
        [{ expression: expressionOf(design), label: 'percent' }],
        ...rowsOf(watch, watched, { id: 'm0', visible: false }),
        ...rowsOf([shareWith.metric], watched, { id: 'other', visible: false }),
      ]
    : rows;
  return { title, metrics: shown, stat, period: periodMinutes * 60, threshold };
}

function rowsOf(designs: readonly MetricDesign[], watched: Watched, options: object = {}): unknown[] {
  return designs
    .flatMap((design) => seriesOf(design, watched))
    .map(({ namespace, metric, dimensions, label }) => [
      namespace,
      metric,
      ...Object.entries(dimensions).flat(),
      { label, ...options },
    ]);
}
