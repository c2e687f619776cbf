import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { streamedTables } from '../../../packages/local/src/template/event-source-model.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';
import { eventSourceMapping, streamedTable } from '../event-source-resources.ts';
import { functionResource } from '../serve-functions.ts';

const model = (properties: object = {}, table: object = streamedTable(), more: object = {}) =>
  readAppModel(
    parseTemplate(
      webSocketTemplate(
        {},
        {
          Work: functionResource('work'),
          Items: table,
          Mapping: eventSourceMapping('Work', 'Items', properties),
          ...more,
        },
      ),
    ),
  );

const STREAM = 'arn:aws:dynamodb:us-east-1:000000000000:table/Items/stream/2000-01-01T00:00:00.000';

describe('an event source mapping', () => {
  it('has the defaults of Lambda', () => {
    expect(model().eventSources).toEqual([
      {
        name: 'Mapping',
        functionName: 'Work',
        tableName: 'Items',
        batchSize: 100,
        batchingWindowMs: 0,
        maximumRetryAttempts: Number.POSITIVE_INFINITY,
        maximumRecordAgeMs: 86_400_000,
        bisects: false,
        reportsItemFailures: false,
        failureQueue: undefined,
        parallelizationFactor: 1,
        wants: expect.any(Function),
      },
    ]);
  });

  it('has the settings of the template', () => {
    const [source] = model({
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 2,
      MaximumRetryAttempts: 0,
      MaximumRecordAgeInSeconds: 60,
      BisectBatchOnFunctionError: true,
      ParallelizationFactor: 3,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }, { Pattern: '{"n":[1]}' }] },
    }).eventSources;

    expect(source).toMatchObject({
      batchSize: 5,
      batchingWindowMs: 2000,
      maximumRetryAttempts: 0,
      maximumRecordAgeMs: 60_000,
      bisects: true,
      parallelizationFactor: 3,
      reportsItemFailures: true,
    });
    expect([{ eventName: 'INSERT' }, { n: 1 }, {}].map((record) => source?.wants(record))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['its own stack', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'given-up'],
    ['its own stack, as people write it', { 'Fn::GetAtt': 'Queue.Arn' }, 'given-up'],
    ['elsewhere', 'arn:aws-cn:sqs:cn-north-1:111111111111:Aside', 'Aside'],
  ])('reports what it gives up to a queue of %s', (_where, Destination, name) => {
    const Queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'given-up' } };
    const QueuePolicy = { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }] } };
    const resources = name === 'given-up' ? { Queue, QueuePolicy } : {};

    expect(
      model({ DestinationConfig: { OnFailure: { Destination } } }, undefined, resources).eventSources,
    ).toMatchObject([{ failureQueue: name }]);
  });

  it('does not accept other queues, which no program could use here', () => {
    const aside = { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } } };
    const queues = { Queue: { Type: 'AWS::SQS::Queue' }, Orders: { Type: 'AWS::SQS::Queue' } };

    expect(() => model(aside, undefined, queues)).toThrow(
      new StartError('The local runtime does not support Orders (AWS::SQS::Queue).'),
    );
  });

  it('is left out while it is disabled', () => {
    expect(model({ Enabled: false }).eventSources).toEqual([]);
  });

  it.each([
    [
      { TumblingWindowInSeconds: 30 },
      /Mapping .*TumblingWindowInSeconds tumbling windows are not supported\.$/,
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:Topic' } } },
      /^Mapping tells arn:aws:sns:us-east-1:000000000000:Topic what it gives up, which is no queue\.$/,
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: { Ref: 'Work' } } } },
      /^Mapping tells Work what it gives up, which is no queue\.$/,
    ],
    [{ StartingPosition: 'AT_TIMESTAMP' }, /Mapping .*StartingPosition /],
    [{ BatchSize: 10_001 }, /Mapping .*BatchSize /],
    [{ MaximumRecordAgeInSeconds: 59 }, /Mapping .*MaximumRecordAgeInSeconds /],
    [{ FunctionName: 'Nobody' }, /^Mapping names Nobody, which is no function of the template\.$/],
    [
      { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:Queue' },
      /^Mapping reads arn:aws:sqs:us-east-1:000000000000:Queue, which is no stream of a table of the template\.$/,
    ],
    [{ FilterCriteria: { Filters: [{ Pattern: '{' }] } }, /^A filter of Mapping is no JSON\.$/],
    [
      { FilterCriteria: { Filters: [{ Pattern: '{"a":[{"wildcard":"x"}]}' }] } },
      /operator wildcard of Mapping\.$/,
    ],
    [
      { FilterCriteria: { Filters: [{ Pattern: '{"a":[{"anything-but":{"prefix":"x"}}]}' }] } },
      /what anything-but of Mapping is to be compared with: \{"prefix":"x"\}\.$/,
    ],
    [
      { FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"$or":[{"NewImage":{"a":{"S":["x"]}}}]}}' }] } },
      /\$or only at the top of a pattern, and Mapping has it below dynamodb\.$/,
    ],
  ])('is refused with %j', (properties, sentence) => {
    expect(() => model(properties)).toThrow(sentence);
    expect(() => model(properties)).toThrow(StartError);
  });

  it('is refused if the table has no stream', () => {
    const { StreamSpecification: _, ...Properties } = streamedTable().Properties;

    expect(() => model({}, { ...streamedTable(), Properties })).toThrow(/which is no stream of a table/);
  });
});

describe('a table whose stream is read', () => {
  const streamed = (properties: object = {}, type?: string) => {
    const { tables, eventSources } = model({}, streamedTable(properties, type));
    return streamedTables(tables, eventSources);
  };

  it.each(['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'])('may be of the type %s', (type) => {
    expect(streamed({}, type)).toEqual([
      {
        name: 'Items',
        keyNames: ['pk'],
        viewType: 'NEW_AND_OLD_IMAGES',
        streamArn: STREAM,
        ttlAttribute: undefined,
      },
    ]);
  });

  it('has the name that the template gives it', () => {
    expect(streamed({ TableName: 'my-items' })).toMatchObject([
      { name: 'my-items', streamArn: STREAM.replace('Items', 'my-items') },
    ]);
  });

  it('has the partition key first, in any order of the template', () => {
    const KeySchema = [
      { AttributeName: 'sk', KeyType: 'RANGE' },
      { AttributeName: 'pk', KeyType: 'HASH' },
    ];

    expect(streamed({ KeySchema })).toMatchObject([{ keyNames: ['pk', 'sk'] }]);
  });

  it.each([
    [true, 'ttl'],
    [false, undefined],
  ])('has a time to live only if that is enabled: %s', (Enabled, ttlAttribute) => {
    const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled };

    expect(streamed({ TimeToLiveSpecification })[0]?.ttlAttribute).toBe(ttlAttribute);
  });

  it('is not streamed if no function reads it', () => {
    expect(streamedTables(model().tables, [])).toEqual([]);
  });
});
