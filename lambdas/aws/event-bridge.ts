/** Lifecycle events to EventBridge, on the account's default bus. */

import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { Lifecycle, LifecycleEvent } from '../realtime/lifecycle/lifecycle.ts';
import { retry } from './retry.ts';

/** The most that one call takes. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
export const ENTRIES_PER_CALL = 10;
const BYTES_PER_CALL = 256 * 1024;

/** Stands in the place of the source when a stage sends no events. */
export const NO_EVENTS = 'none';

/** @param source `fanfare.<stage>`, or `none` for a stage that sends no events. */
export function eventBridge(client: EventBridgeClient, source: string): Lifecycle {
  if (source === NO_EVENTS) return { async put() {} };
  return {
    async put(events) {
      await putEntries(
        client,
        events.map((event) => entryOf(event, source)),
      );
    },
  };
}

/** @throws Error if EventBridge refuses one of them for longer than a moment. */
export async function putEntries(
  client: Pick<EventBridgeClient, 'send'>,
  entries: readonly PutEventsRequestEntry[],
): Promise<void> {
  for (const call of callsOf(entries)) await putAll(client, call);
}

/** EventBridge refuses entries one by one, mostly because too many come at the moment. */
async function putAll(
  client: Pick<EventBridgeClient, 'send'>,
  entries: PutEventsRequestEntry[],
): Promise<void> {
  let waiting = entries;
  let code: string | undefined;
  const taken = await retry(async () => {
    const { Entries: results = [] } = await client.send(new PutEventsCommand({ Entries: waiting }));
    code = results.find(({ ErrorCode }) => ErrorCode)?.ErrorCode;
    // The results have the order of the request. An entry without a result did not arrive.
    waiting = waiting.filter((_entry, index) => results[index]?.EventId === undefined);
    return waiting.length === 0 ? 'all' : undefined;
  });
  if (!taken) throw new Error(`EventBridge did not take all events: ${code ?? 'it gave no reason'}`);
}

function entryOf({ type, id, time, detail }: LifecycleEvent, source: string): PutEventsRequestEntry {
  return {
    Source: source,
    DetailType: type,
    Detail: JSON.stringify({ id, time, ...detail }),
    Time: new Date(time),
  };
}

/** As few calls as hold all entries, in their order. */
function callsOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const last = calls.at(-1);
    if (last && last.length < ENTRIES_PER_CALL && size <= room) last.push(entry);
    else {
      calls.push([entry]);
      room = BYTES_PER_CALL;
    }
    room -= size;
  }
  return calls;
}

/** A time counts 14 bytes. */
function sizeOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return Buffer.byteLength(Source + DetailType + Detail) + 14;
}
