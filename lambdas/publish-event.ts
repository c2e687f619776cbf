/** `publish-event`: publishes what comes as an event, so that every AWS service that can send one can broadcast. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ProtocolError } from 'fanfare-protocol/errors';
import { checkDepth, checkParsed } from 'fanfare-protocol/json';
import { type OperationInput, operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import config from '../fanfare.config.ts';
import { publish } from './operations/publish.ts';
import { EVENTS } from './realtime/log/sender.ts';
import { environmentOf } from './wiring/environment.ts';
import { publishPorts } from './wiring/publish-ports.ts';

const environment = environmentOf('publish-event');
const log = new Logger({ serviceName: 'publish-event' });
const context = {
  config: config({ local: environment.STAGE === 'local' }),
  ports: publishPorts(new DynamoDBClient(), environment, log),
  sender: EVENTS,
  // Who may put this event on the bus may publish to every channel.
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
  // Before the schemas, which go down into what they compare.
  const deep = refusalOf(() => checkDepth(v.is(withDetail, given) ? given.detail : given, 'The event'));
  if (deep) {
    log.error('An event was not published', { error: deep });
    return;
  }
  const { success, output, issues } = v.safeParse(event, given);
  if (!success) {
    // To try again would not make it better.
    // Where, and not what: an event may hold anything.
    log.warn('An event is no publish', { at: v.getDotPath(issues[0]) ?? 'the event' });
    return;
  }
  const {
    id,
    detail: { stage = environment.STAGE, ...detail },
  } = output;
  // The rule of this stage lets no such event through; another rule that names this function might.
  if (stage !== environment.STAGE) {
    log.warn('An event is for another stage', { ...(id && { id }) });
    return;
  }
  const refusal = refusalOf(() => checkParsed(detail, 'The event'));
  if (refusal) {
    log.error('An event was not published', { error: refusal, ...(id && { id }) });
    return;
  }
  const { results } = await publish(once(id, detail), { ...context, requestId: awsRequestId });
  for (const { channel, error } of results) {
    if (error) log.warn('An event was not published', { channel, code: error.code, ...(id && { id }) });
  }
  // A channel that was only busy gets it when Lambda repeats the event; the others know its key.
  if (results.some(({ error }) => error && error.status >= 500)) throw new Error('Not published everywhere');
}

/**
 * Why an event cannot be published as it was sent. Lambda has parsed it, so a changed number is only refused if the change can
 * be seen. To try again would not help.
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

/** Events come at least once. Under keys made of their id, their messages still land once. */
function once(id: string | undefined, detail: OperationInput<'publish'>): OperationInput<'publish'> {
  if (id === undefined) return detail;
  const { key = id, messages } = detail;
  if (!messages) return { ...detail, key };
  return {
    ...detail,
    messages: messages.map((draft, index) => ({ ...draft, key: draft.key ?? `${id}/${index}` })),
  };
}
