/** A publish as an event of EventBridge, for programs that AWS may authorize and that need no URL and no token. */

import { checkParsed } from 'fanfare-protocol/json';
import { operations } from 'fanfare-protocol/operations';
import type { PublishRequest } from 'fanfare-protocol/server-operations';
import * as v from 'valibot';
import { checked } from './checked.ts';
import { bytesOfText } from './encoding.ts';
import { failure, jsonText } from './failure.ts';
import { stageName } from './stage-name.ts';

/** An entry of `PutEvents`: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
export interface PublishEvent {
  readonly Source: string;
  readonly DetailType: 'fanfare.publish';
  /** JSON. */
  readonly Detail: string;
}

/** Where EventBridge says that the event is from. */
export interface PublishEventOptions {
  /**
   * Events whose source begins with `aws.` are those of AWS itself. A sender with the construct's `grantPublish` may use the default only.
   *
   * @default `fanfare.publish.` and the stage
   */
  readonly source?: string;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size. Bytes. */
const ENTRY_BYTES = 256 * 1024;

const SOURCE_RULE = 'it is 1 to 256 characters, and does not begin with aws.';
const sourceName = v.pipe(v.string(SOURCE_RULE), v.regex(/^(?!aws\.)[\w./-]{1,256}$/, SOURCE_RULE));

/**
 * Plain data for `PutEvents` of any SDK, on the default bus. The stage makes the retry keys of the event's id, so that an event
 * that comes twice lands once in a channel with history. No caller learns of a message that the stage refuses: its log says so.
 *
 * @param stage The name of the stage that publishes it. Other stages of the account ignore it.
 * @throws FanfareError `bad-request` that names the field, or `too-large`.
 * @example
 * const entry = publishEvent('prod', { channels: ['public:news'], data: 'Hello' });
 * await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
 */
export function publishEvent(
  stage: string,
  request: PublishRequest,
  { source = `fanfare.publish.${stage}` }: PublishEventOptions = {},
): PublishEvent {
  const detail: unknown = JSON.parse(jsonText({ ...request, stage: checked(stageName, stage, 'stage') }));
  checkNumbersAndDepth(detail);
  checked(operations.publish.body, detail, 'publishEvent');
  const event = {
    Source: checked(sourceName, source, 'source'),
    DetailType: 'fanfare.publish',
    Detail: JSON.stringify(detail),
  } as const;
  const bytes = bytesOfText(Object.values(event).join('')).length;
  if (bytes > ENTRY_BYTES)
    throw failure(
      'too-large',
      `publishEvent: the event has ${bytes} bytes, and EventBridge takes ${ENTRY_BYTES}. Send fewer messages at once.`,
    );
  return event;
}

function checkNumbersAndDepth(detail: unknown): void {
  try {
    checkParsed(detail, 'The event');
  } catch (error) {
    throw failure('bad-request', `publishEvent: ${error instanceof Error ? error.message : error}`);
  }
}
