/** The logs of a run as fresh readers find them, and the records that the database has of them. */

import { connect, type Message } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import type { Runtime } from 'fanfare-local';
import { WebSocket } from 'ws';
import { storesOn } from '../contracts/dynamo-stores.ts';

/** By number. */
export type Messages = ReadonlyMap<number, Message>;

/** How long a reader waits for a reply. Milliseconds. */
const PATIENCE_MS = 30_000;

/** After everything was read, every number below the newest message has a record in the database itself. */
export async function countUnsealed({ urls }: Runtime, logs: ReadonlyMap<string, Messages>): Promise<number> {
  const { client, channelLog } = await storesOn(urls.dynamodb);
  let unsealed = 0;
  for (const [channel, log] of logs) {
    const head = await channelLog.head(channel);
    const newest = [...log.keys()].at(-1) ?? head?.createdAt ?? 0;
    const range = { from: (head?.createdAt ?? 0) + 1, to: newest };
    let stored = 0;
    for await (const _record of channelLog.read(channel, range)) stored += 1;
    unsealed += range.to - range.from + 1 - stored;
  }
  client.destroy();
  return unsealed;
}

/** By readers that had no part in it; a channel that cannot be read is left out. */
export async function readLogs(url: string, channels: readonly string[]): Promise<Map<string, Messages>> {
  const logs = new Map<string, Messages>();
  const reading = channels.map(async (channel) => {
    const log = await readLog(url, channel).catch(() => undefined);
    if (log) logs.set(channel, log);
  });
  await Promise.all(reading);
  return logs;
}

async function readLog(url: string, channel: string): Promise<Messages> {
  const connection = connect(url, { webSocket: WebSocket, requestTimeoutMs: PATIENCE_MS });
  const log = new Map<number, Message>();
  try {
    for (let after = 0, more = true; more; ) {
      const page = await historyOf(connection.channel(channel), { after, limit: 1_000 });
      for (const record of page.messages) {
        if ('data' in record) log.set(record.seq ?? 0, record);
        after = record.seq ?? after;
      }
      more = page.more;
    }
    return log;
  } finally {
    connection.close();
  }
}
