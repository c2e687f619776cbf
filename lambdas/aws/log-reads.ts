/** Reads a range of a channel's log page by page. No page is much larger than what the reader still has room for. */

import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type Stored, withContents } from '../realtime/log/contents.ts';
import { BATCH_NUMBERS, batchOf, isVoid, type LogRecord, type Range } from '../realtime/log/log-store.ts';
import { recordsFrom } from './record-item.ts';

/**
 * The items of the first page, when the size of the messages is not known yet: enough for most clients that resume. Not more,
 * because an item may have 128 KB, and DynamoDB bills a page for everything that it read, up to 1 MB.
 */
const FIRST_PAGE = 12;

/** A page has at most this many times the items of the page before: the first messages may be smaller than the rest. */
const GROWTH = 8;

/** The bytes of a record on the wire beside its data and its sender. */
const RECORD_BYTES = 54;

/** Returns what is stored at the numbers of a range, in its order. */
type Fetch = (range: Pick<Range, 'from' | 'to' | 'newestFirst'>, limit: number) => Promise<FetchedPage>;

interface FetchedPage {
  readonly page: readonly Stored[];
  readonly hasMore: boolean;
}

/** @throws what DynamoDB throws. Strongly consistent. */
export async function* readRecords(
  client: DynamoDBClient,
  table: string,
  channel: string,
  range: Range,
): AsyncGenerator<LogRecord> {
  const { from, to, newestFirst = false, most = Number.POSITIVE_INFINITY } = range;
  if (from > to) return;
  const fetch = withEdits(fetchFrom(client, table, channel), (seq) =>
    readPublish(client, table, channel, seq),
  );
  let left = most;
  let [low, high] = [from, to];
  for await (const record of newestFirst ? descending(fetch, range) : ascending(fetch, range)) {
    // Batches at the ends of the range have numbers beyond it.
    if (record.seq < low || record.seq > high) continue;
    yield record;
    left -= 1;
    if (left <= 0) return;
    if (newestFirst) high = record.seq - 1;
    else low = record.seq + 1;
  }
}

/** If nothing is stored at the first number, it may be a number of a batch that begins before it. */
async function* ascending(fetch: Fetch, range: Range): AsyncGenerator<LogRecord> {
  let isBegun = range.fromBatchStart ?? false;
  for await (const page of pages(fetch, range)) {
    if (!isBegun && page[0]?.[0]?.seq !== range.from) yield* (await lastBefore(fetch, range.from)) ?? [];
    isBegun = true;
    yield* page.flat();
  }
}

async function* descending(fetch: Fetch, range: Range): AsyncGenerator<LogRecord> {
  let lowest = range.to + 1;
  for await (const page of pages(fetch, range)) {
    yield* page.flatMap((stored) => stored.toReversed());
    lowest = page.at(-1)?.[0]?.seq ?? lowest;
  }
  if (lowest > range.from && !range.fromBatchStart)
    yield* (await lastBefore(fetch, range.from))?.toReversed() ?? [];
}

/** What is stored at the last number before this one, if it may reach it. */
async function lastBefore(fetch: Fetch, seq: number): Promise<Stored | undefined> {
  return lastUpTo(fetch, seq - 1, BATCH_NUMBERS - 1);
}

async function lastUpTo(fetch: Fetch, seq: number, numbers: number): Promise<Stored | undefined> {
  const { page } = await fetch({ from: seq - numbers + 1, to: seq, newestFirst: true }, 1);
  return page[0];
}

/** What is stored with a number, which may be within a batch; an edit without its content. Strongly consistent. */
export async function readPublish(
  client: DynamoDBClient,
  table: string,
  channel: string,
  seq: number,
): Promise<Stored | undefined> {
  const stored = await lastUpTo(fetchFrom(client, table, channel), seq, BATCH_NUMBERS);
  return stored?.some((record) => record.seq === seq) ? stored : undefined;
}

/** At least one page, which may be empty. */
async function* pages(
  fetch: Fetch,
  { from, to, newestFirst = false, most = Number.POSITIVE_INFINITY, bytes }: Range,
): AsyncGenerator<readonly Stored[]> {
  const limitOf = pageLimits(bytes);
  let [low, high] = [from, to];
  let left = most;
  let page: readonly Stored[] = [];
  while (low <= high && left > 0) {
    const limit = Math.min(left, high - low + 1, limitOf(page));
    const fetched = await fetch({ from: low, to: high, newestFirst }, limit);
    page = fetched.page;
    yield page;
    const last = page.at(-1);
    if (!fetched.hasMore || !last) return;
    left -= page.length;
    if (newestFirst) high = batchOf(last).from - 1;
    else low = batchOf(last).to + 1;
  }
}

function withEdits(fetch: Fetch, find: (seq: number) => Promise<Stored | undefined>): Fetch {
  return async (range, limit) => {
    const { page, hasMore } = await fetch(range, limit);
    return { page: await withContents(page, find), hasMore };
  };
}

function fetchFrom(client: DynamoDBClient, table: string, channel: string): Fetch {
  return async ({ from, to, newestFirst = false }, limit) => {
    const command = new QueryCommand({
      TableName: table,
      ...rangeOf(channel, from, to),
      ScanIndexForward: !newestFirst,
      Limit: limit,
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command);
    return { page: Items.map(recordsFrom), hasMore: LastEvaluatedKey !== undefined };
  };
}

/**
 * Returns the limits of one page after the other, in items, each from the items of the page before.
 *
 * @param room the bytes that the reader has room for; unlimited if it takes everything.
 */
function pageLimits(room = Number.POSITIVE_INFINITY): (page: readonly Stored[]) => number {
  if (room === Number.POSITIVE_INFINITY) return () => MOST_PER_PAGE;
  let limit = FIRST_PAGE;
  let [items, bytes] = [0, 0];
  return (page) => {
    items += page.length;
    bytes += page.flat().reduce((sum, record) => sum + sizeOf(record), 0);
    if (items === 0) return limit;
    const wanted = Math.ceil(((room - bytes) * items) / bytes) + 1;
    limit = Math.min(Math.max(wanted, FIRST_PAGE), limit * GROWTH, MOST_PER_PAGE);
    return limit;
  };
}

/** More than 1 MB can hold, so that the limit of DynamoDB decides. */
const MOST_PER_PAGE = 10_000;

function sizeOf(record: LogRecord): number {
  if (isVoid(record)) return RECORD_BYTES;
  return RECORD_BYTES + Buffer.byteLength(JSON.stringify(record.data) ?? '');
}

function rangeOf(channel: string, from: number, to: number) {
  return {
    KeyConditionExpression: 'channel = :channel AND seq BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':channel': { S: channel },
      ':from': { N: String(from) },
      ':to': { N: String(to) },
    },
    ConsistentRead: true,
  };
}
