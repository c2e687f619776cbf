/** The ARNs of a table and of its stream. */

import { ACCOUNT, REGION } from './account.ts';

/** DynamoDB labels a stream with the time at which it was enabled. Here the label is always the same. */
const STREAM_LABEL = '2000-01-01T00:00:00.000';

export function tableArn(name: string): string {
  return `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
}

export function streamArn(tableName: string): string {
  return `${tableArn(tableName)}/stream/${STREAM_LABEL}`;
}
