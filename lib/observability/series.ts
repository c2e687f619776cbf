/** Finds the metrics of CloudWatch that a design of the alarm table means, in one stage. */

import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { FunctionName, TableName } from '../../lambdas/manifest/manifest.ts';
import type { MetricDesign } from './alarm-design.ts';

/** What a stage has that metrics are about. */
export interface Watched {
  /** Grows when a group of lifecycle events is turned on. */
  readonly functions: ReadonlyMap<FunctionName, LambdaFunction>;
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly stageName: string;
  readonly webSocketApiId: string;
  readonly httpApiId: string;
  readonly givenUp: IQueue;
  /** The namespace of the metrics that are counted in logs. */
  readonly namespace: string;
}

/** One metric of CloudWatch. */
export interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** For the legend of a graph. */
  readonly label: string;
}

/** The metric that a filter counts in the gateway's access log. */
export const HANDSHAKES_FAILED = 'HandshakesFailed';

type DesignFrom<From extends MetricDesign['from']> = Extract<MetricDesign, { from: From }>;

type Sources = {
  readonly [From in MetricDesign['from']]: (design: DesignFrom<From>, watched: Watched) => readonly Series[];
};

const sources: Sources = {
  functions: ({ metric, of }, { functions }) =>
    of.flatMap((name) => {
      const target = functions.get(name);
      if (!target) return [];
      const dimensions = { FunctionName: target.functionName };
      return [{ namespace: 'AWS/Lambda', metric, dimensions, label: name }];
    }),
  tables: ({ metric, of }, { tables }) =>
    of.map((name) => ({
      namespace: 'AWS/DynamoDB',
      metric,
      dimensions: { TableName: tables[name].tableName },
      label: `${name} ${metric}`,
    })),
  'socket gateway': ({ metric }, { webSocketApiId, stageName }) => [
    {
      namespace: 'AWS/ApiGateway',
      metric,
      dimensions: { ApiId: webSocketApiId, Stage: stageName },
      label: metric,
    },
  ],
  'http gateway': ({ metric }, { httpApiId, stageName }) => [
    {
      namespace: 'AWS/ApiGateway',
      metric,
      dimensions: { ApiId: httpApiId, Stage: stageName },
      label: metric,
    },
  ],
  'given-up queue': (_design, { givenUp }) => [
    {
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: givenUp.queueName },
      label: 'messages',
    },
  ],
  'access log': (_design, { namespace }) => [counted(namespace, HANDSHAKES_FAILED)],
  'log lines': ({ metric }, { namespace }) => [counted(namespace, metric)],
};

/** The series of a design; none for functions that the stage does not have. */
export function seriesOf(design: MetricDesign, watched: Watched): readonly Series[] {
  return seriesFrom(design.from, design, watched);
}

function seriesFrom<From extends MetricDesign['from']>(
  from: From,
  design: DesignFrom<From>,
  watched: Watched,
): readonly Series[] {
  return sources[from](design, watched);
}

function counted(namespace: string, metric: string): Series {
  return { namespace, metric, dimensions: {}, label: metric };
}
