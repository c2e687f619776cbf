/** The resource policies of CloudWatch Logs, into which AWS writes each log group that an HTTP API logs to. */

import { type CloudWatchLogsClient, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';

export interface LogPolicy {
  readonly name: string;
  readonly characters: number;
}

export async function readLogPolicies(client: CloudWatchLogsClient): Promise<readonly LogPolicy[]> {
  const found: LogPolicy[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new DescribeResourcePoliciesCommand({ nextToken }));
    for (const { policyName = '', policyDocument = '' } of page.resourcePolicies ?? [])
      found.push({ name: policyName, characters: policyDocument.length });
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
