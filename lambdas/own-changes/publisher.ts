/** Publishes what a file of the application makes of the changes of a table: the code of the functions that `publishChanges` adds. */

import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { putEntries } from '../aws/event-bridge.ts';
import { type BatchResponse, type Change, changesIn } from '../events/stream-event.ts';
import { callHandler, HandlerFailure } from '../own-logic/call.ts';
import type { Announce, ItemChange } from '../own-logic/item-change.ts';
import { logLines } from '../realtime/log-lines.ts';

const NAME = 'publishChanges';

interface Sending {
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly stage: string;
}

/**
 * @param announce The default export of the file.
 * @returns the handler of the function. Lambda repeats from the first change whose announcement has failed.
 */
export function publisherOf(
  announce: Announce,
  { client, stage }: Sending = { client: new EventBridgeClient(), stage: process.env['FANFARE_STAGE'] ?? '' },
) {
  const log = new Logger({ serviceName: NAME });
  return async (event: unknown): Promise<BatchResponse> => {
    const entries: PutEventsRequestEntry[] = [];
    let failed: string | undefined;
    for (const change of changesIn(event)) {
      try {
        const entry = await entryOf(announce, change, stage);
        if (entry) entries.push(entry);
      } catch (error) {
        log.error(logLines.handlerFailed, { error, sequenceNumber: change.sequenceNumber });
        failed = change.sequenceNumber;
        break;
      }
    }
    await putEntries(client, entries);
    return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
  };
}

/** @throws HandlerFailure */
async function entryOf(
  announce: Announce,
  change: Change,
  stage: string,
): Promise<PutEventsRequestEntry | undefined> {
  const told = await callHandler({
    name: NAME,
    budgetMs: undefined,
    run: () => announce(itemChange(change)),
  });
  if (told === undefined) return undefined;
  const key = told.key ?? change.sequenceNumber;
  // As JSON carries it.
  const detail: unknown = JSON.parse(JSON.stringify({ ...told, key, stage }));
  const { success, issues } = v.safeParse(operations.publish.body, detail);
  if (!success) throw new HandlerFailure(`${NAME} returned no announcement: ${v.summarize(issues)}`);
  const time = new Date(change.time);
  const source = `fanfare.publish.${stage}`;
  return { Source: source, DetailType: 'fanfare.publish', Detail: JSON.stringify(detail), Time: time };
}

function itemChange({ key, before, after, time, sequenceNumber }: Change): ItemChange {
  return {
    key: unmarshall(key),
    ...(before && { before: unmarshall(before) }),
    ...(after && { after: unmarshall(after) }),
    time,
    id: sequenceNumber,
  };
}
