/** Looks for a text in everything that the local runtime keeps: each item of each table, and the records of streams. */

import { inspect } from 'node:util';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../../lambdas/aws/record-item.ts';
import type { Runtime } from '../../runtime.ts';

export interface Trace {
  /** Without the hash of the template's id. */
  readonly table: string;
  readonly text: string;
}

/** The items that have one of the texts. Frames are bytes in the table, and are read as text. */
export async function tracesIn(runtime: Runtime, texts: readonly string[]): Promise<readonly Trace[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: runtime.urls.dynamodb, region: 'us-east-1', credentials });
  const traces: Trace[] = [];
  for (const name of runtime.tables)
    for await (const { Items = [] } of paginateScan({ client }, { TableName: name, ConsistentRead: true }))
      for (const item of Items) {
        const text = textOf(item);
        if (texts.some((one) => text.includes(one)))
          traces.push({ table: name.replace(/^Storage|[0-9A-F]{8}$/g, ''), text });
      }
  client.destroy();
  return traces;
}

function textOf(item: Item): string {
  return JSON.stringify(item, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
  );
}

/** The readers of the streams with every record that they still have. */
export function recordsIn({ streams }: Runtime): string {
  return inspect(streams, { depth: 20, maxStringLength: null, maxArrayLength: null, showHidden: true });
}
