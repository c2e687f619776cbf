/** The app whose bill docs/bill-meter.md computes by hand: every member of the room gets the text of one member. */

import { manages } from '../../fixtures/functions.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';

const TABLE = 'room';

/** The functions are so small that they bring no SDK. */
const dynamodb = `
  const ask = async (operation, input) => (await fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.' + operation,
      'x-amz-date': '20000101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/0, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify({ TableName: '${TABLE}', ...input }),
  })).json();
  const idOf = (event) => ({ connectionId: { S: event.requestContext.connectionId } });`;

/** Source by the name of the function. */
export const sources = {
  connect: `${dynamodb}
    export const handler = async (event) => {
      await ask('PutItem', { Item: idOf(event) });
      return { statusCode: 200 };
    };`,
  disconnect: `${dynamodb}
    export const handler = async (event) => {
      await ask('DeleteItem', { Key: idOf(event) });
      return { statusCode: 200 };
    };`,
  say: `${dynamodb}
    export const handler = async (event) => {
      const { text } = JSON.parse(event.body);
      const { Items } = await ask('Scan', {});
      for (const { connectionId } of Items) await ${manages}(connectionId.S, 'POST', text);
      return { statusCode: 200 };
    };`,
};

const light = { MemorySize: 256, Architectures: ['arm64'] };

export const template = webSocketTemplate(
  {
    $connect: { code: 'connect', properties: { FunctionName: 'connect', ...light } },
    $disconnect: { code: 'disconnect', properties: { FunctionName: 'disconnect', ...light } },
    say: { code: 'say', properties: { FunctionName: 'say', MemorySize: 1024 } },
    ping: { mock: '{"event":"pong"}' },
  },
  {
    [TABLE]: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'connectionId', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'connectionId', AttributeType: 'S' }],
      },
    },
  },
);
