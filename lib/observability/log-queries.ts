/** Saved queries of CloudWatch Logs Insights, for people who follow an alarm. */

import { Lazy } from 'aws-cdk-lib';
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logLines } from '../../lambdas/realtime/log-lines.ts';

/** By the name under which the console lists them. */
export const logQueries = {
  'Errors, newest first':
    'fields @timestamp, service, message, error.name, error.message, requestId, channel, @log\n| filter level = "ERROR"\n| sort @timestamp desc\n| limit 200',
  'Warnings and errors by sentence':
    'filter level in ["WARN", "ERROR"]\n| stats count(*) as lines, max(@timestamp) as latest by message, service\n| sort lines desc',
  'One request, by its id':
    'fields @timestamp, service, level, message, error.message, @log\n| filter @message like "PUT-THE-REQUEST-ID-HERE"\n| sort @timestamp asc',
  'Refused handshakes by reason': `filter message = "${logLines.handshakeRefused}"\n| stats count(*) as handshakes by code, reason\n| sort handshakes desc`,
  'Channels with trouble':
    'filter ispresent(channel) and level in ["WARN", "ERROR"]\n| stats count(*) as lines by channel, message\n| sort lines desc\n| limit 50',
} as const;

export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, folder: string, logGroups: () => readonly ILogGroup[]) {
    super(scope, id);
    const logGroupNames = Lazy.list({ produce: () => logGroups().map(({ logGroupName }) => logGroupName) });
    for (const [index, [name, queryString]] of Object.entries(logQueries).entries())
      new CfnQueryDefinition(this, `Query${index + 1}`, {
        name: `${folder}/${name}`,
        queryString,
        logGroupNames,
      });
  }
}
