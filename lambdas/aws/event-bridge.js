/** Lifecycle events to EventBridge, on the account's default bus. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PutEventsCommand, } from '@aws-sdk/client-eventbridge';
/** The most that one call takes. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const ENTRIES_PER_CALL = 10;
const BYTES_PER_CALL = 256 * 1024;
/** Entries are refused one by one, mostly for being too many at the moment; six tries with doubling pauses is about 1.5 s. */
const TRIES = 6;
const FIRST_PAUSE_MS = 25;
/** What stands in the place of the source where a stage tells nobody. */
export const NO_EVENTS = 'none';
/** @param source `fanfare.<stage>`, or `none` for a stage that does not tell. */
export function eventBridge(client, source) {
    if (source === NO_EVENTS)
        return { async put() { } };
    return {
        async put(events) {
            for (const call of callsOf(events.map((event) => entryOf(event, source))))
                await putAll(client, call);
        },
    };
}
async function putAll(client, entries) {
    let waiting = entries;
    let code;
    for (let attempt = 0; attempt < TRIES; attempt++) {
        if (attempt > 0)
            await sleep(FIRST_PAUSE_MS * 2 ** attempt * Math.random());
        const { Entries: results = [] } = await client.send(new PutEventsCommand({ Entries: waiting }));
        code = results.find(({ ErrorCode }) => ErrorCode)?.ErrorCode;
        // In the order of the request; an entry without a result is no entry that arrived.
        waiting = waiting.filter((_entry, index) => results[index]?.EventId === undefined);
        if (waiting.length === 0)
            return;
    }
    throw new Error(`EventBridge took not all events: ${code ?? 'it gave no reason'}`);
}
function entryOf({ type, id, time, detail }, source) {
    return {
        Source: source,
        DetailType: type,
        Detail: JSON.stringify({ id, time, ...detail }),
        Time: new Date(time),
    };
}
/** As few calls as hold all entries, in their order. */
function callsOf(entries) {
    const calls = [];
    let room = 0;
    for (const entry of entries) {
        const size = sizeOf(entry);
        const last = calls.at(-1);
        if (last && last.length < ENTRIES_PER_CALL && size <= room)
            last.push(entry);
        else {
            calls.push([entry]);
            room = BYTES_PER_CALL;
        }
        room -= size;
    }
    return calls;
}
/** A time counts 14 bytes. */
function sizeOf({ Source = '', DetailType = '', Detail = '' }) {
    return Buffer.byteLength(Source + DetailType + Detail) + 14;
}
