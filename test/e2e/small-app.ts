/** A template of one table, for facts of a start that are the same for every app. `fanfare-local` starts it in a second. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';

const template = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      },
    },
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: 'test' },
    },
  },
};

/** @returns the flags that serve it. */
export async function smallApp(folder: string): Promise<readonly string[]> {
  const file = path.join(folder, 'small.json');
  await writeFile(file, JSON.stringify(template));
  return ['--template', file];
}

/** The flags that serve an app whose synthesis never ends. It has the error output of what starts it, until it is killed. */
export const endlessApp: readonly string[] = [
  '--app',
  `"${process.execPath}" -e "setInterval(() => {}, 1e6)"`,
];
