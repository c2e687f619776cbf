/** Wires each function to its trigger: one entry for each kind of trigger. */

import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as EventTarget } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  type IDestination,
  type IEventSourceDlq,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName, TableName, Trigger } from '../../lambdas/manifest/manifest.ts';
import { addFallbackUrl } from '../gateway/fallback-url.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Encryption } from '../security/encryption.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { publishSources } from './event-names.ts';
import type { StagePacking } from './packing.ts';
import { streamFilters } from './stream-filters.ts';

/** The resources that trigger functions. */
export interface Sources {
  readonly scope: Construct;
  readonly gateway: Gateway;
  readonly functions: ReadonlyMap<FunctionName, LambdaFunction>;
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly encryption: Encryption;
  readonly settings: StageSettings;
  /** All namespaces of the stage except `@all`. */
  readonly namespaces: readonly string[];
  readonly packing: StagePacking;
  /** Of the function that is wired. */
  readonly name: FunctionName;
  /** Gets a message for each batch of changes that a reader gave up. */
  readonly givenUp: IEventSourceDlq;
}

type TriggerOf<Kind extends Trigger['kind']> = Extract<Trigger, { kind: Kind }>;

/** These are wired elsewhere: the HTTP API needs both of its functions at once, and operators need only a permission. */
const wiredElsewhere = () => {};

/**
 * How often Lambda repeats a batch that fails. Lambda waits longer from attempt to attempt, up to a minute: a service may
 * be down for half an hour. A record that the code cannot read blocks its shard for that time and no longer.
 */
export const ATTEMPTS = 30;

/** 12 of the 24 hours for which a stream keeps a record. In the other 12, people can still read a change that was given up. */
export const LONGEST_UNREAD = Duration.hours(12);

/** The most that Lambda takes from a stream. 6 MB of records may be fewer. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
const LARGEST_BATCH = 10_000;

/** Exhaustive by compilation: a new kind of trigger does not compile until it is wired here. */
export type Wirings = {
  readonly [Kind in Trigger['kind']]: (
    trigger: TriggerOf<Kind>,
    target: LambdaFunction,
    sources: Sources,
  ) => void;
};

const wirings: Wirings = {
  authorizer: (_trigger, target, { gateway }) => gateway.authorizeBy(target),
  route: (trigger, target, { gateway }) => gateway.addRoute(trigger, target),
  url: (_trigger, target, { scope }) => addFallbackUrl(scope, target),
  event({ detailType }, target, { scope, settings }) {
    // One bus has the events of every stage, so an event names its stage. A program that may put events on this bus may publish;
    // other sources come by rules of their own.
    new Rule(scope, 'PublishRule', {
      description: 'Publishes events that name this stage to channels',
      eventPattern: {
        source: publishSources(settings.name),
        detailType: [detailType],
        detail: { stage: [settings.name] },
      },
      targets: [new EventTarget(target)],
    });
    repeatOnFailure(target);
  },
  schedule({ everyMinutes }, target) {
    const every = Duration.minutes(everyMinutes);
    new Rule(target, 'Schedule', { schedule: Schedule.rate(every), targets: [new EventTarget(target)] });
    // A late run is useless, because the next run has begun already.
    target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
  },
  stream({ table, changes, gatherSeconds, takesAll }, target, sources) {
    const { tables, encryption, namespaces, name, givenUp, settings, packing } = sources;
    const gathered = gatherSeconds === 'of the configuration' ? packing.windowSeconds : gatherSeconds;
    readStream(tables[table], target, encryption);
    new EventSourceMapping(target, 'Stream', {
      target,
      eventSourceArn: streamOf(tables[table]),
      // A new mapping takes minutes to start. With LATEST it would miss the changes of those minutes.
      startingPosition: StartingPosition.TRIM_HORIZON,
      // Lambda halves a failing batch until it has found the one bad record. A halving does not count as an attempt.
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: ATTEMPTS,
      maxRecordAge: LONGEST_UNREAD,
      onFailure: givenUp,
      // Without the property, Lambda does not wait.
      ...(gathered > 0 && { maxBatchingWindow: Duration.seconds(gathered) }),
      // Lambda keeps the order of each item, and every reader takes the changes of different items in any order.
      parallelizationFactor: takesAll ? 1 : settings.batchesPerShard,
      // A full batch ends the window early.
      ...(takesAll && { batchSize: LARGEST_BATCH }),
      filters: streamFilters(name, changes, namespaces, packing.namespaces).map((filter) =>
        FilterCriteria.filter(filter),
      ),
    });
  },
  asynchronous({ onFailure }, target, { functions }) {
    repeatOnFailure(target, onFailure && functions.get(onFailure));
  },
  http: wiredElsewhere,
  'http-authorizer': wiredElsewhere,
  operator: wiredElsewhere,
};

export function wire<Kind extends Trigger['kind']>(
  kind: Kind,
  trigger: TriggerOf<Kind>,
  target: LambdaFunction,
  sources: Sources,
): void {
  wirings[kind](trigger, target, sources);
}

function readStream(table: TableV2, grantee: LambdaFunction, encryption: Encryption): void {
  // `grantStreamRead` would also let it list the streams of every table.
  const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  Grant.addToPrincipal({
    grantee,
    actions: actions.map((action) => `dynamodb:${action}`),
    resourceArns: [streamOf(table)],
  });
  encryption.grantTables(grantee);
}

function streamOf({ tableStreamArn, node }: TableV2): string {
  if (tableStreamArn === undefined) throw new Error(`The table ${node.id} has no stream`);
  return tableStreamArn;
}

/** After this time, a client has resumed and has the message, or it is gone. */
const LONGEST_QUEUED = Duration.minutes(15);

function repeatOnFailure(target: LambdaFunction, onFailure?: LambdaFunction): void {
  target.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: LONGEST_QUEUED,
    ...(onFailure && { onFailure: destination(onFailure) }),
  });
}

/** `LambdaDestination` would let it invoke every version of the function, too. */
function destination({ functionArn }: LambdaFunction): IDestination {
  return {
    bind(_scope, source) {
      Grant.addToPrincipal({
        grantee: source,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [functionArn],
      });
      return { destination: functionArn };
    },
  };
}
