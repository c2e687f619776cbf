/** An app without any defence: no authorizer, no CORS, a function URL without a signature. Beside it are the other doors of a laptop. */

import { functionUrlResource, httpTemplate } from '../fixtures/http-template.ts';
import { webSocketTemplate } from '../fixtures/web-socket-template.ts';
import { runTemplate } from '../local/run-template.ts';
import type { Runtime, RuntimeOptions } from '../runtime.ts';

const ACTS = `export const handler = async () => ({ statusCode: 200, body: 'acted' });`;

export const TABLE = 'Items';

/** One function is behind every door. It does every action that a request asks for. */
const FUNCTION = 'Http0Function';

const beside = {
  Url: functionUrlResource(FUNCTION),
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'password', SecretString: 'hunter2' } },
  Items: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: TABLE,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    },
  },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['a-page'] },
      Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': [FUNCTION, 'Arn'] } }],
    },
  },
};

export function runOpenApp(options: RuntimeOptions): Promise<Runtime> {
  const sockets = webSocketTemplate({ $connect: { code: 'acts' }, $default: { code: 'acts' } }).Resources;
  const template = httpTemplate({ routes: { 'ANY /act': { code: 'acts' } } }, { ...sockets, ...beside });
  return runTemplate(template, { acts: ACTS }, options);
}

/** A request as a page may write it. */
export interface PageRequest {
  readonly base: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** To everything that the runtime serves, under a name of this machine or one that leads to it. */
export function requestsOfPage({ urls }: Pick<Runtime, 'urls'>, host: string): readonly PageRequest[] {
  const at = (url: string) => `http://${host}:${new URL(url).port}`;
  const [base, dynamodb] = [at(urls.http), at(urls.dynamodb)];
  const json = (version: string, target: string, input: object) => ({
    method: 'POST',
    path: '/',
    headers: { 'Content-Type': `application/x-amz-json-${version}`, 'X-Amz-Target': target },
    body: JSON.stringify(input),
  });
  const invoke = `/2015-03-31/functions/${FUNCTION}/invocations`;
  const event = { EventBusName: 'bus', Source: 'a-page', DetailType: 'd', Detail: '{}' };
  const requests = [
    { method: 'POST', path: invoke, body: '{}' },
    { method: 'POST', path: invoke, headers: { 'X-Amz-Invocation-Type': 'Event' }, body: '{}' },
    json('1.1', 'secretsmanager.GetSecretValue', { SecretId: 'password' }),
    json('1.1', 'AWSEvents.PutEvents', { Entries: [event] }),
    { method: 'GET', path: '/local-api/bill' },
    { method: 'DELETE', path: '/local-api/bill' },
    { method: 'GET', path: '/console/refusals.json' },
    { method: 'GET', path: '/console/' },
    { method: 'POST', path: '/test/@connections/AAAAAAAAAAAAAAA=', body: 'x' },
    ...['GET', 'POST'].flatMap((method) => [
      { method, path: `/lambda-url/${FUNCTION}/` },
      { method, path: '/test/act' },
    ]),
  ];
  return [
    ...requests.map((request) => ({ base, ...request })),
    { base: dynamodb, ...json('1.0', 'DynamoDB_20120810.Scan', { TableName: TABLE }) },
    {
      base: dynamodb,
      ...json('1.0', 'DynamoDB_20120810.PutItem', { TableName: TABLE, Item: { pk: { S: 'a page' } } }),
    },
  ];
}
