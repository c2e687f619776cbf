/** The traces of the matrix in the tables: messages in logs, and rows of subscribers. */

import { groupOf, pageOf } from '../../../lambdas/realtime/connections/grouping.ts';
import { isVoid } from '../../../lambdas/realtime/log/log-store.ts';
import type { DynamoStores } from '../../contracts/dynamo-stores.ts';
import { type Cell, cells } from './authorization-cells.ts';

/** The users who left a trace in each channel, sorted. */
export type Traces = Readonly<Record<string, readonly string[]>>;

/** Rows of clients without a token have no name. */
const NOBODY = 'nobody';

/** The published messages that have to be in the log later. */
const logged = cells.filter(
  ({ action, place: { policy } }) => action === 'publish' && (policy === 'none' || policy.history !== 'none'),
);
const subscribing = cells.filter(({ action }) => action === 'subscribe');

export const expectedTraces = {
  logs: tracesOf(logged),
  subscriptions: tracesOf(subscribing),
  /** A client cannot leave a built-in channel. */
  subscriptionsLeft: tracesOf(subscribing, ({ place }) => place.isBuiltIn),
};

export async function readLogs({ channelLog }: DynamoStores): Promise<Traces> {
  const traces: Record<string, readonly string[]> = {};
  for (const channel of new Set(logged.map((cell) => cell.channel))) {
    const publishers: string[] = [];
    const head = await channelLog.head(channel);
    const range = { from: head?.createdAt ?? 0, to: head?.seq ?? 0 };
    for await (const record of head ? channelLog.read(channel, range) : [])
      if (!isVoid(record)) publishers.push(String(record.data));
    traces[channel] = publishers.sort();
  }
  return traces;
}

export async function readSubscriptions({ subscriptions }: DynamoStores): Promise<Traces> {
  const traces: Record<string, readonly string[]> = {};
  for (const { channel, place } of subscribing) {
    if (channel in traces) continue;
    const group = place.policy === 'none' ? undefined : groupOf(place.policy, channel);
    const page = await pageOf(subscriptions, { channel, group }, 0);
    // A deaf row only counts, and gets no messages.
    const hearing = page.subscriptions.filter(({ isDeaf }) => !isDeaf);
    traces[channel] = hearing.map(({ user = NOBODY }) => user).sort();
  }
  return traces;
}

/** The expected users of each channel. */
function tracesOf(all: readonly Cell[], remains = (_cell: Cell) => true): Traces {
  const traces: Record<string, readonly string[]> = {};
  for (const cell of all) {
    const users = cell.expected === 'yes' && remains(cell) ? [nameOf(cell)] : [];
    traces[cell.channel] = [...(traces[cell.channel] ?? []), ...users].sort();
  }
  return traces;
}

function nameOf({ action, bearer: { kind, user } }: Cell): string {
  return action === 'subscribe' && kind === 'no token' ? NOBODY : user;
}
