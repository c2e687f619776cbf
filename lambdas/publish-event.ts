/** `publish-event`: publishes the detail of an event, so that every AWS service that can send an event can broadcast. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'fanfare-config';
import { ProtocolError } from 'fanfare-protocol/errors';
import { checkDepth, checkParsed } from 'fanfare-protocol/json';
import { type OperationInput, operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { publish } from './operations/publish.ts';
import { stageInfo } from './realtime/access/stage-info.ts';
import { EVENTS } from './realtime/log/sender.ts';
import { logLines } from './realtime/log-lines.ts';
import { environmentOf } from './wiring/environment.ts';
import { publishPorts } from './wiring/publish-ports.ts';

const environment = environmentOf('publish-event');
const log = new Logger({ serviceName: 'publish-event' });
const context = {
  config: config(stageInfo(environment.STAGE)),
  ports: publishPorts(new DynamoDBClient(), environment, log),
  sender: EVENTS,
  // A principal that may put this event on the bus may publish to every channel.
  grants: undefined,
};

/** The stage that an event is for. A rule of its own, which names this function, may leave it out. */
const addressed = v.object({ stage: v.optional(v.string()) });

/** The body of `POST /messages` as the event's `detail`, or, from a rule with a transformer, in its place. */
const event = v.union([
  v.object({ id: v.string(), detail: v.intersect([addressed, operations.publish.body]) }),
  v.pipe(
    v.intersect([v.object({ id: v.optional(v.string()) }), addressed, operations.publish.body]),
    v.transform(({ id, ...detail }) => ({ id, detail })),
  ),
]);

const withDetail = v.object({ detail: v.unknown() });

export async function handler(given: unknown, { awsRequestId }: { awsRequestId: string }): Promise<void> {
  // Checked before the schemas, which recurse into the value.
  const deep = refusalOf(() => checkDepth(v.is(withDetail, given) ? given.detail : given, 'The event'));
  if (deep) {
    log.error(logLines.eventNotPublished, { error: deep });
    return;
  }
  const { success, output, issues } = v.safeParse(event, given);
  if (!success) {
    // A repetition would fail in the same way. The log names the place and not the value, because an event may hold secrets.
    log.warn(logLines.eventMalformed, { at: v.getDotPath(issues[0]) ?? 'the event' });
    return;
  }
  const {
    id,
    detail: { stage = environment.STAGE, ...detail },
  } = output;
  // The rule of this stage does not match such an event. Another rule that names this function may match it.
  if (stage !== environment.STAGE) {
    log.warn(logLines.eventOfOtherStage, { ...(id && { id }) });
    return;
  }
  const refusal = refusalOf(() => checkParsed(detail, 'The event'));
  if (refusal) {
    log.error(logLines.eventNotPublished, { error: refusal, ...(id && { id }) });
    return;
  }
  const { results } = await publish(once(id, detail), { ...context, requestId: awsRequestId });
  for (const { channel, error } of results) {
    if (!error) continue;
    const { code, index } = error;
    // Of an event with `messages`: which of them was refused.
    const which = detail.messages && index !== undefined ? { index } : {};
    log.warn(logLines.eventNotPublished, { channel, code, ...which, ...(id && { id }) });
  }
  // Lambda repeats the event for a channel that was only busy. In the other channels the keys make the repetition harmless.
  if (results.some(({ error }) => error && error.status >= 500)) throw new Error('Not published everywhere');
}

/**
 * Why an event cannot be published as it was sent. Lambda has parsed it, so a changed number is only refused if the change can
 * be seen. A repetition would fail in the same way.
 */
function refusalOf(check: () => void): Error | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** EventBridge delivers an event at least once. Retry keys made of its id keep each message single. */
function once(id: string | undefined, detail: OperationInput<'publish'>): OperationInput<'publish'> {
  if (id === undefined) return detail;
  const { key = id, messages } = detail;
  if (!messages) return { ...detail, key };
  return {
    ...detail,
    messages: messages.map((draft, index) => ({ ...draft, key: draft.key ?? `${id}/${index}` })),
  };
}
