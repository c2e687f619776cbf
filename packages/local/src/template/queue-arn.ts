/** The ARNs of queues. */

import { ACCOUNT, REGION } from './account.ts';

export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
}

/** The queue that an ARN names, of whatever account and region; `undefined` for what is no queue. */
export function queueNameOf(arn: string): string | undefined {
  return /^arn:[^:]+:sqs:[^:]*:[^:]*:(?<name>[^:]+)$/.exec(arn)?.groups?.['name'];
}
