/** The operation PutEvents of the EventBridge API, with which functions send events. */

import * as v from 'valibot';
import { type Meter, NO_METER } from '../bill/meter.ts';
import { type JsonOperation, type JsonReply, refusal } from '../permissions/json-api.ts';
import { putEvent } from '../permissions/needs.ts';
import type { Need } from '../permissions/statement.ts';
import { busNameOf, eventBusArn } from '../template/event-bus-arn.ts';
import { busEvent } from './event.ts';
import type { EventBuses } from './event-buses.ts';

export const PUT_EVENTS = 'AWSEvents.PutEvents';

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MAX_ENTRIES = 10;

/**
 * 1 MB for all entries of a request (256 KB until January 2026).
 *
 * @see https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb
 */
const MAX_ENTRIES_BYTES = 1024 * 1024;

/** Escaping can double the size of JSON inside of a JSON text. The rest of a request is short. */
const REQUEST_BYTES = 2 * MAX_ENTRIES_BYTES + 64 * 1024;

/** The size with which a `Time` counts. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const TIME_BYTES = 14;

const entry = v.object({
  Source: v.optional(v.string(), ''),
  DetailType: v.optional(v.string(), ''),
  Detail: v.optional(v.string(), ''),
  EventBusName: v.optional(v.string()),
  Resources: v.optional(v.array(v.string()), []),
  /** Seconds since 1970. */
  Time: v.optional(v.number()),
});

const request = v.object({
  Entries: v.array(entry),
  EndpointId: v.optional(v.never()),
});

type Entry = v.InferOutput<typeof entry>;

/** A sentence that says why a `Detail` is refused; `undefined` if it is not. */
export type DetailMistake = (detail: string) => string | undefined;

interface Receivers {
  readonly buses: EventBuses;
  readonly meter: Meter;
  readonly detailMistake: DetailMistake;
}

/** @param detailMistake Refuses more than EventBridge does. */
export function putEvents(
  buses: EventBuses,
  meter: Meter = NO_METER,
  detailMistake: DetailMistake = () => undefined,
): JsonOperation {
  const receivers = { buses, meter, detailMistake };
  return { limitBytes: REQUEST_BYTES, needs: needsOf, answer: (body) => answer(body, receivers) };
}

function needsOf(body: unknown): readonly Need[] {
  const { success, output } = v.safeParse(request, body);
  if (!success) return [];
  return output.Entries.map(({ EventBusName, Source, DetailType }) =>
    putEvent(eventBusArn(busNameOf(EventBusName)), Source, DetailType),
  );
}

function answer(body: unknown, receivers: Receivers): JsonReply {
  const { success, output } = v.safeParse(request, body);
  if (!success) return invalid('The request has to be Entries of texts; endpoints are not served.');
  const { Entries } = output;
  if (Entries.length < 1 || Entries.length > MAX_ENTRIES)
    return invalid(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length from 1 to ${MAX_ENTRIES}`,
    );
  if (Entries.reduce((total, one) => total + sizeOf(one), 0) > MAX_ENTRIES_BYTES)
    return invalid('Total size of the entries in the request is over the limit.');
  const results = Entries.map((one) => put(one, receivers));
  const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
  return { status: 200, body: { FailedEntryCount, Entries: results } };
}

function put(one: Entry, { buses, meter, detailMistake }: Receivers): object {
  const failed = mistakeIn(one, buses, detailMistake);
  if (failed) return failed;
  const event = busEvent({
    source: one.Source,
    detailType: one.DetailType,
    detail: parsed(one.Detail),
    resources: one.Resources,
    at: one.Time === undefined ? Date.now() : one.Time * 1000,
  });
  const busName = busNameOf(one.EventBusName);
  meter.event(busName, sizeOf(one));
  buses.put(busName, event);
  return { EventId: event.id };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
function mistakeIn(one: Entry, buses: EventBuses, detailMistake: DetailMistake): object | undefined {
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => one[name] === '');
  if (missing)
    return mistake(
      'InvalidArgument',
      `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    );
  if (one.Source.startsWith('aws.'))
    return mistake('NotAuthorizedForSourceException', 'Not authorized for the source.');
  if (!isJsonObject(parsed(one.Detail))) return mistake('MalformedDetail', 'Detail is malformed.');
  const reason = detailMistake(one.Detail);
  if (reason !== undefined)
    return mistake('InvalidArgument', `Parameter Detail is not valid. Reason: ${reason}`);
  if (one.Time !== undefined && !isTime(one.Time))
    return mistake('InvalidArgument', 'Parameter Time is not valid.');
  // AWS drops such an event without an error. A developer has to see it.
  if (!buses.has(busNameOf(one.EventBusName)))
    return mistake('InvalidArgument', `The local runtime has no event bus ${one.EventBusName}.`);
  return undefined;
}

function mistake(ErrorCode: string, ErrorMessage: string): object {
  return { ErrorCode, ErrorMessage };
}

function invalid(message: string): JsonReply {
  return refusal(400, 'ValidationException', message);
}

function sizeOf({ Source, DetailType, Detail, Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const time = Time === undefined ? 0 : TIME_BYTES;
  return texts.reduce((total, text) => total + Buffer.byteLength(text), time);
}

function isTime(seconds: number): boolean {
  return !Number.isNaN(new Date(seconds * 1000).getTime());
}

function isJsonObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
