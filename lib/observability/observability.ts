/** Alarms, a dashboard and saved queries of a stage. They read what the functions and the gateway report anyway. */

import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionNames } from '../../lambdas/manifest/manifest.ts';
import type { Encryption } from '../security/encryption.ts';
import type { AlarmSettings } from '../settings/alarm-settings.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { StageDashboard } from './dashboard.ts';
import { LogQueries } from './log-queries.ts';
import { MetricFilters } from './metric-filters.ts';
import { addMonthlyBudget } from './monthly-budget.ts';
import type { Watched } from './series.ts';
import { StageAlarms } from './stage-alarms.ts';

export interface ObservabilityProps {
  readonly watched: Omit<Watched, 'namespace'>;
  readonly settings: AlarmSettings;
  readonly encryption: Encryption;
  readonly uniqueName: string;
  /** Of the WebSocket API. */
  readonly accessLog: ILogGroup;
}

export class Observability extends Construct {
  readonly topicArn: string;
  readonly dashboardName: string;
  private readonly filters: MetricFilters;
  private readonly alarms: StageAlarms;
  private readonly functions: Watched['functions'];
  private readonly publishers: ILogGroup[] = [];

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { settings, encryption, uniqueName, accessLog } = props;
    const { emails, monthlyBudget } = settings;
    const watched: Watched = { ...props.watched, namespace: `Fanfare/${uniqueName}` };
    this.functions = watched.functions;
    this.topicArn = new AlarmTopic(this, 'Topic', emails, encryption).arn;
    this.filters = new MetricFilters(this, 'Filters', watched.namespace, accessLog);
    this.alarms = new StageAlarms(this, 'Alarms', { watched, settings, topicArn: this.topicArn });
    this.dashboardName = new StageDashboard(this, 'Overview', {
      watched,
      settings,
      alarms: this.alarms,
    }).name;
    new LogQueries(this, 'Queries', `Fanfare/${uniqueName}`, () => this.logGroups());
    if (monthlyBudget !== 'none') addMonthlyBudget(this, monthlyBudget, emails);
    this.readLogs();
  }

  /** Counts the lines of functions that came with a group of lifecycle events. */
  readLogs(): void {
    for (const [name, { logGroup }] of this.functions) this.filters.addFunction(name, logGroup);
  }

  /** A function of the app that publishes the changes of a table. */
  addPublisher(id: string, { functionName, logGroup }: LambdaFunction): void {
    this.filters.addPublisher(id, logGroup);
    this.alarms.addReader(functionName, id);
    this.publishers.push(logGroup);
  }

  private logGroups(): ILogGroup[] {
    // In the order of the manifest, whenever a function was made.
    const own = functionNames.flatMap((name) => this.functions.get(name)?.logGroup ?? []);
    return [...own, ...this.publishers];
  }
}
