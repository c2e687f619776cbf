/** An hour of a stage: what its functions and services report, and which alarms that sets off. */

import type { Logger } from '@aws-lambda-powertools/logger';
import { Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import * as v from 'valibot';
import type { FunctionName, TableName } from '../../../lambdas/manifest/manifest.ts';
import { type DeployTemplate, readTemplate } from '../../../lib/deploy-checks/deploy-template.ts';
import type { Fanfare } from '../../../lib/fanfare.ts';
import { type AlarmName, alarmNames } from '../../../lib/observability/alarm-table.ts';
import { fanfareIn, shopStack, templateIn } from '../construct.ts';
import { type AlarmProperties, alarmProperties, alarmStates, periodOf } from './cloud-watch/alarm.ts';
import { fieldOf, readPattern } from './cloud-watch/filter-pattern.ts';
import { type MetricKey, MetricStore } from './cloud-watch/metric-store.ts';
import { linesWrittenBy } from './written-lines.ts';

const transformation = v.object({
  MetricName: v.string(),
  MetricNamespace: v.string(),
  MetricValue: v.string(),
  Dimensions: v.optional(v.array(v.object({ Key: v.string(), Value: v.string() })), []),
});

const filterProperties = v.object({
  LogGroupName: v.unknown(),
  FilterPattern: v.string(),
  MetricTransformations: v.tuple([transformation]),
});

interface Filter {
  readonly logGroup: string;
  readonly matches: (line: unknown) => boolean;
  readonly to: v.InferOutput<typeof transformation>;
}

/** A synthesized stage with everything that a stage can have, read once for all scenes. */
export class WatchedStage {
  readonly alarms: ReadonlyMap<AlarmName, AlarmProperties>;
  readonly filters: readonly Filter[];
  readonly fanfare: Fanfare;
  private readonly json: string;

  private constructor(fanfare: Fanfare, json: string) {
    const template = readTemplate(JSON.parse(json));
    this.fanfare = fanfare;
    this.json = json;
    this.alarms = alarmsOf(template);
    this.filters = filtersOf(template);
  }

  static synthesized(): WatchedStage {
    const stack = shopStack();
    const fanfare = fanfareIn(stack, 'Realtime', {
      lifecycleEvents: { connections: true, channels: true, members: true, messages: 'with data' },
      fallback: { concurrency: 'unreserved', streamSeconds: 870 },
    });
    return new WatchedStage(fanfare, JSON.stringify(templateIn(stack).toJSON()));
  }

  /** The same stage with a template in which a text is another one. */
  changed(text: string, instead: string): WatchedStage {
    if (!this.json.includes(text)) throw new Error(`The template has no ${text}`);
    return new WatchedStage(this.fanfare, this.json.replaceAll(text, instead));
  }

  /** What the template has in place of a value that AWS makes. */
  nameOf(token: string): unknown {
    return Stack.of(this.fanfare).resolve(token);
  }
}

/** The alarms of a template, by the end of their description. */
function alarmsOf(template: DeployTemplate): Map<AlarmName, AlarmProperties> {
  const all = [...template.resources.values()]
    .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .map(({ properties }) => v.parse(alarmProperties, properties));
  return new Map(
    alarmNames.flatMap((name) => {
      const found = all.find(({ AlarmDescription }) => AlarmDescription.endsWith(`#${name}`));
      return found ? [[name, found] as const] : [];
    }),
  );
}

function filtersOf(template: DeployTemplate): Filter[] {
  return [...template.resources.values()]
    .filter(({ type }) => type === 'AWS::Logs::MetricFilter')
    .map(({ properties }) => {
      const { LogGroupName, FilterPattern, MetricTransformations } = v.parse(filterProperties, properties);
      const [to] = MetricTransformations;
      return { logGroup: JSON.stringify(LogGroupName), matches: readPattern(FilterPattern), to };
    });
}

type FunctionMetric =
  | 'AsyncEventsDropped'
  | 'DestinationDeliveryFailures'
  | 'Duration'
  | 'Errors'
  | 'Invocations'
  | 'IteratorAge'
  | 'Throttles';

export class Scene {
  private readonly stage: WatchedStage;
  private readonly store = new MetricStore();

  constructor(stage: WatchedStage) {
    this.stage = stage;
  }

  /** Whether the alarm is on at the end of each of its periods. */
  states(name: AlarmName): boolean[] {
    return alarmStates(this.alarm(name), this.store);
  }

  periodOf(name: AlarmName): number {
    return periodOf(this.alarm(name));
  }

  ringing(): AlarmName[] {
    return alarmNames.filter((name) => this.states(name).includes(true));
  }

  /** Lines that a function writes in a minute, through the filters of its log group. */
  logged(minute: number, name: FunctionName, write: (log: Logger) => void): void {
    const { logGroup } = this.functionOf(name);
    for (const line of linesWrittenBy(name, write))
      this.ingest(minute, logGroup.logGroupName, JSON.parse(line));
  }

  /** A line of the gateway's access log. */
  accessed(minute: number, line: Readonly<Record<string, string>>): void {
    const logGroup = this.stage.fanfare.node.findChild('Gateway').node.findChild('AccessLog');
    if (!(logGroup instanceof LogGroup)) throw new Error('The gateway has no access log');
    this.ingest(minute, logGroup.logGroupName, line);
  }

  lambda(minute: number, name: FunctionName, metric: FunctionMetric, value: number): void {
    const dimensions = { FunctionName: this.stage.nameOf(this.functionOf(name).functionName) };
    this.store.put({ namespace: 'AWS/Lambda', metric, dimensions }, minute, value);
  }

  socketGateway(minute: number, metric: string, value: number): void {
    this.gateway(minute, this.stage.fanfare.stage.api.apiId, metric, value);
  }

  httpGateway(minute: number, metric: string, value: number): void {
    const api = this.stage.fanfare.node.findChild('HttpApi').node.findChild('Api');
    if (!(api instanceof HttpApi)) throw new Error('The stage has no HTTP API');
    this.gateway(minute, api.apiId, metric, value);
  }

  table(minute: number, name: TableName, metric: string, value: number): void {
    const dimensions = { TableName: this.stage.nameOf(this.stage.fanfare.tables[name].tableName) };
    this.store.put({ namespace: 'AWS/DynamoDB', metric, dimensions }, minute, value);
  }

  givenUp(minute: number, messages: number): void {
    const [queue] = this.stage.fanfare.node.findAll().filter((node) => node instanceof Queue);
    if (!queue) throw new Error('The stage has no queue');
    const dimensions = { QueueName: this.stage.nameOf(queue.queueName) };
    const metric = 'ApproximateNumberOfMessagesVisible';
    this.store.put({ namespace: 'AWS/SQS', metric, dimensions }, minute, messages);
  }

  private gateway(minute: number, apiId: string, metric: string, value: number): void {
    const dimensions = { ApiId: this.stage.nameOf(apiId), Stage: this.stage.fanfare.name };
    this.store.put({ namespace: 'AWS/ApiGateway', metric, dimensions }, minute, value);
  }

  private ingest(minute: number, logGroupName: string, line: unknown): void {
    const logGroup = JSON.stringify(this.stage.nameOf(logGroupName));
    for (const filter of this.stage.filters) {
      if (filter.logGroup !== logGroup || !filter.matches(line)) continue;
      const { MetricValue } = filter.to;
      const value = Number(MetricValue.startsWith('$.') ? fieldOf(line, MetricValue) : MetricValue);
      if (Number.isFinite(value)) this.store.put(keyOf(filter.to, line), minute, value);
    }
  }

  private alarm(name: AlarmName): AlarmProperties {
    const alarm = this.stage.alarms.get(name);
    if (!alarm) throw new Error(`The stage has no alarm ${name}`);
    return alarm;
  }

  private functionOf(name: FunctionName) {
    const found = this.stage.fanfare.functions.get(name);
    if (!found) throw new Error(`The stage has no function ${name}`);
    return found;
  }
}

function keyOf({ MetricName, MetricNamespace, Dimensions }: Filter['to'], line: unknown): MetricKey {
  const dimensions = Object.fromEntries(Dimensions.map(({ Key, Value }) => [Key, fieldOf(line, Value)]));
  return { namespace: MetricNamespace, metric: MetricName, dimensions };
}
