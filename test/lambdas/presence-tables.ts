/** The environment and the tables on which the functions of presence run in tests. Requests are recorded by their table. */

import {
  type AttributeValue,
  type DynamoDBClientResolvedConfig,
  GetItemCommand,
  QueryCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AwsStub } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { type FunctionName, manifest } from '../../lambdas/manifest/manifest.ts';

type Item = Record<string, AttributeValue>;

export const END = Date.UTC(2030, 1) / 1000;

/** Every variable that the function declares, with its own name for a value where that does not matter. */
export function stubEnvironment(name: FunctionName): void {
  for (const variable of Object.keys(manifest[name].needs)) vi.stubEnv(variable, variable);
  vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
  vi.stubEnv('POSTS_PER_SECOND', '5000');
  vi.stubEnv('EVENT_SOURCE', 'none');
  vi.stubEnv('STAGE', 'prod');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  // Makes the logger print through the global console.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
}

/** Answers as tables without subscriptions, and with these items of the presence table by user. */
export function answerFor(
  dynamodb: AwsStub<ServiceInputTypes, ServiceOutputTypes, DynamoDBClientResolvedConfig>,
  presence: Readonly<Record<string, Item>>,
): void {
  dynamodb.on(QueryCommand).resolves({ Items: [] });
  dynamodb.on(UpdateItemCommand).resolves({});
  dynamodb.on(GetItemCommand).callsFake(({ TableName, Key }) => {
    const Item = TableName === 'PRESENCE_TABLE' ? presence[Key.user.S] : undefined;
    return Item ? { Item } : {};
  });
}

/** As it is stored. */
export function presenceItem(state: string, connections: readonly string[], more: Item = {}): Item {
  return {
    state: { S: state },
    connections: { M: Object.fromEntries(connections.map((id) => [id, { N: String(END) }])) },
    until: { N: '0' },
    version: { N: '7' },
    announced: { N: '7' },
    revision: { N: '3' },
    ...more,
  };
}
