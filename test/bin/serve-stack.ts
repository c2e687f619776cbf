/** A CloudFormation on loopback for programs of the command line: it knows one stack. */

import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../loopback.ts';

/** Variables with which a program asks this CloudFormation. */
export async function serveStack(
  stackName: string,
  outputs: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const { port, close } = await listenOnLoopback(async (request, response) => {
    const asked = new URLSearchParams(await text(request));
    const isKnown = asked.get('Action') === 'DescribeStacks' && asked.get('StackName') === stackName;
    response.writeHead(isKnown ? 200 : 400, { connection: 'close', 'content-type': 'text/xml' });
    response.end(isKnown ? described(stackName, outputs) : refused(asked.get('StackName') ?? ''));
  });
  onTestFinished(close);
  return {
    AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

function described(stackName: string, outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
    <StackName>${stackName}</StackName><CreationTime>2026-11-29T00:00:00Z</CreationTime>
    <StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs>
  </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function refused(stackName: string): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
    <Code>ValidationError</Code><Message>Stack with id ${stackName} does not exist</Message></Error></ErrorResponse>`;
}
