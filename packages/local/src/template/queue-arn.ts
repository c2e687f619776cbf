/** The ARNs of queues. */

import { ACCOUNT, REGION } from './account.ts';

export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
}

/** The name of the queue in an ARN of any account and region. `undefined` for other ARNs. */
export function queueNameOf(arn: string): string | undefined {
  return /^arn:[^:]+:sqs:[^:]*:[^:]*:(?<name>[^:]+)$/.exec(arn)?.groups?.['name'];
}
