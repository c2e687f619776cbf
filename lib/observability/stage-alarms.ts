/** The alarms of a stage as resources. */

import { Lazy } from 'aws-cdk-lib';
import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmSettings } from '../settings/alarm-settings.ts';
import type { AlarmDesign, MetricDesign } from './alarm-design.ts';
import { type AlarmName, alarmNames, alarms } from './alarm-table.ts';
import { type Series, seriesOf, type Watched } from './series.ts';

/** The page with a section for each alarm, by its name. */
const PAGE = 'docs/alarms.md';

export interface StageAlarmsProps {
  readonly watched: Watched;
  readonly settings: AlarmSettings;
  readonly topicArn: string;
}

export class StageAlarms extends Construct {
  readonly all: ReadonlyMap<AlarmName, CfnAlarm>;
  private readonly props: StageAlarmsProps;

  constructor(scope: Construct, id: string, props: StageAlarmsProps) {
    super(scope, id);
    this.props = props;
    this.all = new Map(alarmNames.map((name) => [name, this.add(name, name)]));
  }

  /** An alarm of its own for a function of the app that reads a stream. */
  addReader(functionName: string, label: string): void {
    const series = {
      namespace: 'AWS/Lambda',
      metric: 'IteratorAge',
      dimensions: { FunctionName: functionName },
    };
    this.add('readers-behind', `readers-behind-${label}`, { ...series, label });
  }

  private add(name: AlarmName, id: string, series?: Series): CfnAlarm {
    const { settings, topicArn, watched } = this.props;
    const design: AlarmDesign = alarms[name];
    const [breaching, of] = design.periods;
    return new CfnAlarm(this, id, {
      alarmDescription: `${design.title}. ${PAGE}#${name}`,
      alarmActions: [topicArn],
      okActions: [topicArn],
      comparisonOperator: design.below ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      threshold: settings.thresholds[name] ?? design.threshold,
      evaluationPeriods: of,
      datapointsToAlarm: breaching,
      treatMissingData: design.missing,
      ...(series ? plain(series, design) : measured(design, watched)),
    });
  }
}

type Measured = Pick<
  CfnAlarmProps,
  'dimensions' | 'metricName' | 'metrics' | 'namespace' | 'period' | 'statistic'
>;

/** Functions come with events that are turned on later, so several metrics are resolved when the template is written. */
function measured(design: AlarmDesign, watched: Watched): Measured {
  const { watch, shareWith } = design;
  const [only, ...others] = watch;
  if (only && others.length === 0 && !shareWith && isSingle(only)) {
    const [series] = seriesOf(only, watched);
    if (!series) throw new Error(`There is nothing to watch for: ${design.title}`);
    return plain(series, design);
  }
  return { metrics: Lazy.any({ produce: () => queriesOf(design, watched) }) };
}

function isSingle(design: MetricDesign): boolean {
  return !('of' in design) || design.of.length === 1;
}

function plain(
  { namespace, metric, dimensions }: Series,
  { statistic, periodMinutes }: AlarmDesign,
): Measured {
  return {
    namespace,
    metricName: metric,
    ...dimensionsOf(dimensions),
    statistic,
    period: periodMinutes * 60,
  };
}

/** An expression, and the metrics that it is made of. */
function queriesOf(design: AlarmDesign, watched: Watched): object[] {
  const { watch, shareWith } = design;
  const series = watch
    .flatMap((one) => seriesOf(one, watched))
    .map((one, index) => query(`m${index}`, one, design));
  const others = shareWith
    ? seriesOf(shareWith.metric, watched).map((one) => query('other', one, design))
    : [];
  const expression = { id: 'value', expression: expressionOf(design), label: design.title, returnData: true };
  return [expression, ...series, ...others];
}

/**
 * A metric has no data point for a period without an invocation. `FILL` makes it a zero, so that the sum has one whenever a metric has.
 */
export function expressionOf({ statistic, shareWith }: AlarmDesign): string {
  if (statistic === 'Maximum') return 'MAX(METRICS())';
  if (!shareWith) return 'SUM(FILL(METRICS(), 0))';
  const [one, both] = ['FILL(m0, 0)', '(FILL(m0, 0) + FILL(other, 0))'];
  return `IF(${one} >= ${shareWith.least}, 100 * ${one} / ${both}, 0)`;
}

function query(id: string, { namespace, metric, dimensions }: Series, design: AlarmDesign): object {
  return {
    id,
    metricStat: {
      metric: {
        namespace,
        metricName: metric,
        ...dimensionsOf(dimensions),
      },
      stat: design.statistic,
      period: design.periodMinutes * 60,
    },
    returnData: false,
  };
}

/** None for a metric that is counted in logs. */
function dimensionsOf(dimensions: Series['dimensions']) {
  const list = Object.entries(dimensions).map(([name, value]) => ({ name, value }));
  return list.length > 0 ? { dimensions: list } : {};
}
