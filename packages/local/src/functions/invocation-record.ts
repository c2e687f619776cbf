/** What a destination is told of the end of an asynchronous invocation. */

import { latestVersionArn } from '../template/function-arn.ts';
import { errorPayload, type Outcome } from './outcome.ts';

/** An asynchronous invocation, from when it is queued until it has succeeded or is given up. */
export interface QueuedEvent {
  readonly functionName: string;
  readonly event: unknown;
  /** The same in every attempt. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
}

/** How it ended: by the last of its attempts, and why there is no other one. */
export interface Ending {
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  readonly attempts: number;
  readonly outcome: Outcome;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export function invocationRecord(queued: QueuedEvent, { condition, attempts, outcome }: Ending) {
  const { functionName, event, requestId } = queued;
  const failed = outcome.kind !== 'result';
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId,
      functionArn: latestVersionArn(functionName),
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(failed && { functionError: 'Unhandled' }),
    },
    responsePayload: failed ? errorPayload(outcome, requestId) : outcome.value,
  };
}
