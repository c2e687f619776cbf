/** The record of an asynchronous invocation that its destination gets. */

import { latestVersionArn } from '../template/function-arn.ts';
import { errorPayload, type Outcome } from './outcome.ts';

/** An asynchronous invocation, from the queue until it succeeds or is given up. */
export interface QueuedEvent {
  readonly functionName: string;
  readonly event: unknown;
  /** All attempts have the same id. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
}

/** The result of the last attempt, and why no further attempt follows. */
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
