/**
 * `release`: the on-failure destination of `deliver` and `farewell`. Lambda sends it the invocations that failed in every repetition.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { lambdaFarewells } from './aws/lambda-farewells.ts';
import { release } from './realtime/delivery/deliver.ts';
import { type DeliveryTask, deliveryTask } from './realtime/delivery/delivery-task.ts';
import { logLines } from './realtime/log-lines.ts';
import { PLATFORM_REFUSAL } from './realtime/platform-refusal.ts';
import { type FarewellTask, farewellTask } from './realtime/presence/farewell-task.ts';
import { environmentOf } from './wiring/environment.ts';
import { reachPorts } from './wiring/reach-ports.ts';

const environment = environmentOf('release');
const log = new Logger({ serviceName: 'release' });
const ports = reachPorts(new DynamoDBClient(), environment, log);
const farewells = lambdaFarewells(environment.FAREWELL_WORKER);

/** The record that Lambda sends to the destination of an asynchronous invocation. */
const failure = v.object({
  requestContext: v.object({ requestId: v.string(), condition: v.string() }),
  requestPayload: v.union([deliveryTask, farewellTask]),
  /** The error of the last attempt. Absent if Lambda killed it. */
  responsePayload: v.optional(
    v.object({ errorType: v.optional(v.string()), errorMessage: v.optional(v.string()) }),
  ),
});

type Failure = v.InferOutput<typeof failure>;

/** The condition of an event that waited in Lambda's queue for longer than it may (`triggers.ts`). */
const TOO_OLD = 'EventAgeExceeded';

export async function handler(event: unknown): Promise<void> {
  const { requestContext, requestPayload, responsePayload } = v.parse(failure, event);
  const { requestId, condition } = requestContext;
  if ('lingering' in requestPayload) return repeatFarewell(requestPayload, { requestId, condition });
  if ('worker' in requestPayload) {
    // The sweep starts another one within a minute (`close-expired.ts`).
    log.warn(logLines.presenceWorkerFailed, { requestId, condition });
    return;
  }
  const { kind, broadcast } = requestPayload satisfies DeliveryTask;
  log.warn(logLines.deliveryFailed, { requestId, condition, kind, channel: broadcast.channel });
  await release(ports, requestPayload, refusalOf(condition, responsePayload));
}

/** Why the client is not to blame, if it is not. */
function refusalOf(condition: string, error: Failure['responsePayload']): string | undefined {
  if (condition === TOO_OLD) return 'No execution was free for it in time';
  return error?.errorType === PLATFORM_REFUSAL ? error.errorMessage : undefined;
}

/** After that, the next request for members starts the worker again (`realtime/presence/members.ts`). Milliseconds. */
const REPEATED_MS = 60 * 60 * 1000;

async function repeatFarewell(
  { lingering }: Extract<FarewellTask, { readonly lingering: unknown }>,
  context: Record<string, string>,
): Promise<void> {
  const due = lingering.filter(({ until }) => until > Date.now() - REPEATED_MS);
  log.warn(logLines.farewellFailed, { ...context, lingering: lingering.length, repeated: due.length });
  if (due.length > 0) await farewells.start(due);
}
