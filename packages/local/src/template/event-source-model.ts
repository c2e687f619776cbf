/** The event source mappings: which function reads the stream of which table, and how. */

import { eventFilters } from '../languages/event-pattern/event-filter.ts';
import type { Matches } from '../languages/event-pattern/read-pattern.ts';
import { StartError } from '../start-error.ts';
import { functionNameOf, hasFunction } from './function-arn.ts';
import { queueNameOf } from './queue-arn.ts';
import type { Resource, Resources } from './resources.ts';
import { streamArn } from './table-arn.ts';
import type { TableModel } from './table-model.ts';
import { type OnUnsupported, refuse } from './unsupported.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
export interface EventSourceModel {
  /** Its name in the template. */
  readonly name: string;
  readonly functionName: string;
  readonly tableName: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** `Infinity` if only the age of records ends their retries. */
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeMs: number;
  /** Whether a failed batch is retried in halves. */
  readonly bisects: boolean;
  /** Whether the function reports the first failed record of a batch. */
  readonly reportsItemFailures: boolean;
  /** The queue that gets a message about records that are given up. */
  readonly failureQueue: string | undefined;
  /** The number of batches of one shard that may run at the same time. */
  readonly parallelizationFactor: number;
  /** Whether a record matches the filters. */
  readonly wants: Matches;
}

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** A table whose stream is read. */
export interface StreamedTable {
  readonly name: string;
  /** Attributes of the key, the partition key first. */
  readonly keyNames: readonly string[];
  readonly viewType: StreamViewType;
  readonly streamArn: string;
  /** The attribute with the second at which an item expires. */
  readonly ttlAttribute: string | undefined;
}

/** In the template, -1 means no limit for age and retries. */
const WITHOUT_LIMIT = -1;

/** A stream keeps its records for a day. */
const RETENTION_MS = 24 * 60 * 60 * 1000;

/** Names of tables by the ARNs of their streams. */
type TablesByStream = ReadonlyMap<string, string>;

/**
 * The mappings that are enabled.
 *
 * @param onUnsupported Called for a destination that is not a queue. @default the template is refused
 * @throws StartError that names a mapping without a stream or a function of the template.
 */
export function eventSourceModels(
  resources: Resources,
  tables: readonly TableModel[],
  onUnsupported: OnUnsupported = refuse,
): EventSourceModel[] {
  const streams: TablesByStream = new Map(
    tables.flatMap(({ name, StreamSpecification }) =>
      StreamSpecification ? [[streamArn(name), name] as const] : [],
    ),
  );
  return resources['AWS::Lambda::EventSourceMapping']
    .map((mapping) => ({ mapping, model: eventSourceModel(mapping, resources, streams, onUnsupported) }))
    .filter(({ mapping }) => mapping.Enabled)
    .map(({ model }) => model);
}

/** The tables whose streams are read. */
export function streamedTables(
  tables: readonly TableModel[],
  eventSources: readonly EventSourceModel[],
): StreamedTable[] {
  const read = new Set(eventSources.map(({ tableName }) => tableName));
  return tables.flatMap((table) => {
    const { name, StreamSpecification, TimeToLiveSpecification } = table;
    if (!StreamSpecification || !read.has(name)) return [];
    return {
      name,
      keyNames: keyNamesOf(table),
      viewType: StreamSpecification.StreamViewType,
      streamArn: streamArn(name),
      ttlAttribute: TimeToLiveSpecification?.Enabled ? TimeToLiveSpecification.AttributeName : undefined,
    };
  });
}

/** The partition key comes first, also if the template lists it second. */
function keyNamesOf({ KeySchema }: TableModel): string[] {
  const hashFirst = KeySchema.toSorted((one, other) => one.KeyType.localeCompare(other.KeyType));
  return hashFirst.map(({ AttributeName }) => AttributeName);
}

function eventSourceModel(
  mapping: Resource<'AWS::Lambda::EventSourceMapping'>,
  resources: Resources,
  streams: TablesByStream,
  onUnsupported: OnUnsupported,
): EventSourceModel {
  const { logicalId, MaximumRetryAttempts, MaximumRecordAgeInSeconds } = mapping;
  const limitMs =
    MaximumRecordAgeInSeconds === WITHOUT_LIMIT ? RETENTION_MS : MaximumRecordAgeInSeconds * 1000;
  return {
    name: logicalId,
    functionName: knownFunction(mapping, resources),
    tableName: streamedTable(mapping, streams),
    batchSize: mapping.BatchSize,
    batchingWindowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
    maximumRetryAttempts:
      MaximumRetryAttempts === WITHOUT_LIMIT ? Number.POSITIVE_INFINITY : MaximumRetryAttempts,
    maximumRecordAgeMs: Math.min(limitMs, RETENTION_MS),
    bisects: mapping.BisectBatchOnFunctionError,
    reportsItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    failureQueue: failureQueueOf(mapping, onUnsupported),
    parallelizationFactor: mapping.ParallelizationFactor,
    wants: eventFilters(
      mapping.FilterCriteria.Filters.map(({ Pattern }) => Pattern),
      logicalId,
    ),
  };
}

function knownFunction(
  { logicalId, FunctionName }: Resource<'AWS::Lambda::EventSourceMapping'>,
  resources: Resources,
): string {
  const name = functionNameOf(FunctionName);
  if (hasFunction(resources, name)) return name;
  throw new StartError(`${logicalId} names ${FunctionName}, which is no function of the template.`);
}

function streamedTable(
  { logicalId, EventSourceArn }: Resource<'AWS::Lambda::EventSourceMapping'>,
  streams: TablesByStream,
): string {
  const tableName = streams.get(EventSourceArn);
  if (tableName !== undefined) return tableName;
  throw new StartError(
    `${logicalId} reads ${EventSourceArn}, which is no stream of a table of the template.`,
  );
}

/** AWS also knows topics and buckets as destinations. They are not supported. */
function failureQueueOf(
  { logicalId, DestinationConfig: { OnFailure } }: Resource<'AWS::Lambda::EventSourceMapping'>,
  onUnsupported: OnUnsupported,
): string | undefined {
  if (!OnFailure) return undefined;
  const queue = queueNameOf(OnFailure.Destination);
  if (queue === undefined)
    onUnsupported(`${logicalId} tells ${OnFailure.Destination} what it gives up, which is no queue.`);
  return queue;
}
