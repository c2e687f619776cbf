/** Streams through the whole runtime: writes of functions and clients, records, real environments. */

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { does } from '../../fixtures/functions.ts';
import type { Runtime, RuntimeOptions } from '../../runtime.ts';
import { eventSourceMapping, streamedTable } from '../event-source-resources.ts';
import { serveFunctions } from '../serve-functions.ts';

/** Returns each record as `INSERT a`, after it has run the given statements. */
const returnsRecords = (statements = '') =>
  does(`${statements} return event.Records.map(({ eventName, dynamodb, userIdentity }) =>
    [eventName, dynamodb.Keys.pk.S, userIdentity?.type].filter(Boolean).join(' '));`);

const returned = v.array(v.string());

/** The result of the function `Work`, which reads the stream of the table `Items`, or its error. */
async function serveStream(
  source: string,
  {
    mapping = {},
    table = {},
    more = {},
  }: { readonly mapping?: object; readonly table?: object; readonly more?: object } = {},
  options: RuntimeOptions = {},
) {
  const seen: string[] = [];
  const { runtime } = await serveFunctions(
    { Work: source },
    { Items: streamedTable(table), Mapping: eventSourceMapping('Work', 'Items', mapping), ...more },
    {
      streamRetryDelaysMs: [0],
      onInvoked: (_name, outcome) =>
        seen.push(...(outcome.kind === 'result' ? v.parse(returned, outcome.value) : [outcome.message])),
      ...options,
    },
  );
  return { runtime, seen, put: putInto(runtime) };
}

function putInto({ urls }: Runtime) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: urls.dynamodb, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  return (pk: string, ttl?: number) =>
    client.send(
      new PutItemCommand({
        TableName: 'Items',
        Item: { pk: { S: pk }, ...(ttl !== undefined && { ttl: { N: String(ttl) } }) },
      }),
    );
}

describe('a function that reads a stream', () => {
  it('has seen every write when the runtime is idle', async () => {
    const { runtime, seen, put } = await serveStream(returnsRecords());
    await Promise.all(Array.from({ length: 20 }, (_, n) => put(`item-${n}`)));
    await runtime.idle();

    expect(seen.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `INSERT item-${n}`).sort());
  });

  it('gets only records that its filter takes', async () => {
    const Pattern = JSON.stringify({ dynamodb: { Keys: { pk: { S: [{ prefix: 'a' }] } } } });
    const { runtime, seen, put } = await serveStream(returnsRecords(), {
      mapping: { FilterCriteria: { Filters: [{ Pattern }] } },
    });
    await put('b');
    await put('a');
    await runtime.idle();

    expect(seen).toEqual(['INSERT a']);
  });

  it('gets a batch again that it has failed', async () => {
    const { runtime, seen, put } = await serveStream(
      returnsRecords("globalThis.done ??= 0; if (globalThis.done++ === 0) throw new Error('not yet');"),
    );
    await put('a');
    await runtime.idle();

    expect(seen).toEqual(['not yet', 'INSERT a']);
  });

  it('loses one record that it cannot read, which the runtime says, and no other', async () => {
    const notes: string[] = [];
    const { runtime, seen, put } = await serveStream(
      returnsRecords(
        "if (event.Records.some(({ dynamodb }) => dynamodb.Keys.pk.S === 'bad')) throw new Error('unreadable');",
      ),
      {
        mapping: {
          BisectBatchOnFunctionError: true,
          MaximumRetryAttempts: 1,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['GivenUp', 'Arn'] } } },
        },
        more: { GivenUp: { Type: 'AWS::SQS::Queue' } },
      },
      { streamShards: 1, onNote: (note) => notes.push(note) },
    );
    await Promise.all(['a', 'bad', 'b'].map((pk) => put(pk)));
    await runtime.idle();
    await put('c');
    await runtime.idle();

    expect(seen.filter((one) => one !== 'unreadable').toSorted()).toEqual([
      'INSERT a',
      'INSERT b',
      'INSERT c',
    ]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^Mapping gives up records of Items, which have used up their retries: 1 of them, unseen by Work\. On AWS the queue GivenUp would be told so: sequence numbers (\d+) to \1\.$/,
      ),
    ]);
  });

  it('gets records of expired items, in the name of the service', async () => {
    const { runtime, seen, put } = await serveStream(returnsRecords(), {
      table: { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } },
    });
    await put('a', Math.floor(Date.now() / 1000) - 1);
    await runtime.expireItems();
    await runtime.idle();

    expect(seen).toEqual(['INSERT a', 'REMOVE a Service']);
  });

  it('may write itself, and the runtime is idle when these records are done, too', async () => {
    const source = `import { DynamoDBClient, PutItemCommand } from '${import.meta.resolve('@aws-sdk/client-dynamodb')}';
      const client = new DynamoDBClient();
      export const handler = async ({ Records }) => {
        for (const { dynamodb: { Keys } } of Records) {
          const pk = { S: Keys.pk.S + 'x' };
          if (pk.S.length < 5) await client.send(new PutItemCommand({ TableName: 'Items', Item: { pk } }));
        }
        return Records.map(({ dynamodb: { Keys } }) => Keys.pk.S);
      };`;
    const { runtime, seen, put } = await serveStream(source);
    await put('a');
    await runtime.idle();

    expect(seen).toEqual(['a', 'ax', 'axx', 'axxx']);
  });
});

describe('a template that reads a stream', () => {
  it('is refused with another DynamoDB API', async () => {
    await expect(
      serveStream(returnsRecords(), {}, { dynamodbEndpoint: 'http://127.0.0.1:1' }),
    ).rejects.toThrow(
      new StartError(
        'The template reads the stream of Items, which only the embedded DynamoDB has: start without DYNAMODB_ENDPOINT.',
      ),
    );
  });
});
