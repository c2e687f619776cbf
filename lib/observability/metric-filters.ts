/** Counts log lines: a filter for each metric and each function that can write its lines. */

import { CfnMetricFilter, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import { type LogMetricDesign, logMetricNames, logMetrics, patternOf } from './log-metrics.ts';
import { HANDSHAKES_FAILED } from './series.ts';

/** Handshakes that failed, in the access log of the WebSocket API: it writes every value as a text. */
const FAILED_HANDSHAKE = '{ ($.event = "CONNECT") && ($.status = "5*") }';

/** The dimension of a metric that has a curve for each value of a field. */
export const BY = 'By';

export class MetricFilters extends Construct {
  private readonly namespace: string;
  private readonly made = new Set<string>();

  constructor(scope: Construct, id: string, namespace: string, accessLog: ILogGroup) {
    super(scope, id);
    this.namespace = namespace;
    this.filter(HANDSHAKES_FAILED, accessLog, FAILED_HANDSHAKE, { metricName: HANDSHAKES_FAILED });
  }

  /** A metric has no value for minutes without a line: a stage pays nothing for what does not happen. */
  addFunction(name: FunctionName, logGroup: ILogGroup): void {
    for (const metricName of logMetricNames) {
      const design: LogMetricDesign = logMetrics[metricName];
      if (!design.writers.includes(name)) continue;
      const pattern = patternOf(design);
      const id = `${metricName}-${name}`;
      this.filter(id, logGroup, pattern, {
        metricName,
        ...(design.adds && { metricValue: `$.${design.adds}` }),
      });
      if (design.by)
        this.filter(`${id}-by`, logGroup, pattern, {
          metricName: `${metricName}By`,
          dimensions: [{ key: BY, value: `$.${design.by}` }],
        });
    }
  }

  /** For a function that publishes changes of a table of the app. */
  addPublisher(id: string, logGroup: ILogGroup): void {
    const metricName = 'HandlersFailed';
    this.filter(`${metricName}-${id}`, logGroup, patternOf(logMetrics[metricName]), { metricName });
  }

  private filter(
    id: string,
    { logGroupName }: ILogGroup,
    filterPattern: string,
    transformation: Pick<CfnMetricFilter.MetricTransformationProperty, 'metricName' | 'dimensions'> & {
      readonly metricValue?: string;
    },
  ): void {
    if (this.made.has(id)) return;
    this.made.add(id);
    const { namespace: metricNamespace } = this;
    new CfnMetricFilter(this, id, {
      logGroupName,
      filterPattern,
      metricTransformations: [{ metricNamespace, metricValue: '1', ...transformation }],
    });
  }
}
