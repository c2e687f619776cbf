/** The properties of tables and event source mappings that the runtime reads. */

import * as v from 'valibot';

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** No limit for the age of records, or for retries. */
const WITHOUT_LIMIT = v.literal(-1);

const keySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }));

const index = v.object({
  IndexName: v.string(),
  KeySchema: keySchema,
  Projection: v.object({
    ProjectionType: v.picklist(['ALL', 'KEYS_ONLY', 'INCLUDE']),
    NonKeyAttributes: v.optional(v.array(v.string())),
  }),
});

/** Both types of tables have these properties. */
export const table = v.object({
  TableName: v.optional(v.string()),
  KeySchema: keySchema,
  AttributeDefinitions: v.array(
    v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: v.optional(v.array(index)),
  LocalSecondaryIndexes: v.optional(v.array(index)),
  StreamSpecification: v.optional(
    v.object({ StreamViewType: v.picklist(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) }),
  ),
  TimeToLiveSpecification: v.optional(
    v.object({ AttributeName: v.optional(v.string()), Enabled: v.boolean() }),
  ),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html */
export const eventSourceMapping = v.object({
  EventSourceArn: v.string(),
  FunctionName: v.string(),
  Enabled: v.optional(v.boolean(), true),
  // Both mean the same, because tables are empty when the runtime starts.
  StartingPosition: v.picklist(['TRIM_HORIZON', 'LATEST']),
  BatchSize: v.optional(whole(1, 10_000), 100),
  MaximumBatchingWindowInSeconds: v.optional(whole(0, 300), 0),
  MaximumRetryAttempts: v.optional(v.union([WITHOUT_LIMIT, whole(0, 10_000)]), -1),
  MaximumRecordAgeInSeconds: v.optional(v.union([WITHOUT_LIMIT, whole(60, 604_800)]), -1),
  BisectBatchOnFunctionError: v.optional(v.boolean(), false),
  ParallelizationFactor: v.optional(whole(1, 10), 1),
  FunctionResponseTypes: v.optional(v.array(v.literal('ReportBatchItemFailures')), []),
  FilterCriteria: v.optional(
    v.object({ Filters: v.optional(v.array(v.object({ Pattern: v.string() })), []) }),
    {},
  ),
  // AWS allows queues, topics and buckets, but no functions.
  DestinationConfig: v.optional(
    v.object({ OnFailure: v.optional(v.object({ Destination: v.string() })) }),
    {},
  ),
  TumblingWindowInSeconds: v.optional(v.literal(0, 'tumbling windows are not supported')),
});
