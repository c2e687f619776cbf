/**
 * Finds the changes of a write, because the embedded store does not report them. It locks each item, and reads it before and
 * after the write.
 */

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { StreamedTable } from '../template/event-source-model.ts';
import { type Item, item } from './attribute-values.ts';
import { KeyLocks } from './key-locks.ts';
import type { Send } from './store-answer.ts';
import { type StreamRecord, streamRecord, type UserIdentity } from './stream-record.ts';
import { type ItemKey, isWrite, keyId, writtenKeys } from './written-keys.ts';

/** Gets the records of an item in their order, each one before its write is answered. */
export type OnRecord = (record: StreamRecord, table: StreamedTable) => void;

const found = v.object({ Item: v.optional(item) });

const OK = 200;

/** Sequence numbers have 28 digits, as on AWS. */
const TIME_DIGITS = 13;
const COUNTER_DIGITS = 15;

export class ChangeCapture {
  private readonly tables: ReadonlyMap<string, StreamedTable>;
  private readonly send: Send;
  private readonly onRecord: OnRecord;
  private readonly locks = new KeyLocks();
  private readonly startedAt = String(Date.now()).padStart(TIME_DIGITS, '1');
  private records = 0;

  constructor(tables: readonly StreamedTable[], send: Send, onRecord: OnRecord) {
    this.tables = new Map(tables.map((table) => [table.name, table]));
    this.send = send;
    this.onRecord = onRecord;
  }

  /** Whether requests of this operation can change a streamed table. */
  concerns(operation: string): boolean {
    return this.tables.size > 0 && isWrite(operation);
  }

  /** Runs the write of a request. If it succeeds, its changes are reported as records. */
  async around<Answer extends { readonly status: number }>(
    operation: string,
    body: unknown,
    write: () => Promise<Answer>,
    userIdentity?: UserIdentity,
  ): Promise<Answer> {
    const keys = writtenKeys(operation, body, (tableName) => this.tables.get(tableName)?.keyNames);
    if (keys.length === 0) return write();
    return this.locks.holding(keys.map(keyId), async () => {
      const before = await this.images(keys);
      const answer = await write();
      if (answer.status !== OK) return answer;
      const after = await this.images(keys);
      keys.forEach((key, index) => {
        this.tell(key, before[index], after[index], userIdentity);
      });
      return answer;
    });
  }

  private async images(keys: readonly ItemKey[]): Promise<(Item | undefined)[]> {
    return Promise.all(
      keys.map(async ({ tableName: TableName, key: Key }) => {
        const { status, body } = await this.send('GetItem', { TableName, Key, ConsistentRead: true });
        return status === OK ? v.parse(found, body).Item : undefined;
      }),
    );
  }

  private tell(
    { tableName, key }: ItemKey,
    before: Item | undefined,
    after: Item | undefined,
    userIdentity: UserIdentity | undefined,
  ): void {
    const table = this.tables.get(tableName);
    if (!table) return;
    const record = streamRecord(
      // The key is taken from the stored item, because a request can write the same number in several ways.
      { key: keyIn(after ?? before ?? key, table), before, after },
      {
        ...table,
        eventId: randomUUID().replaceAll('-', ''),
        sequenceNumber: this.startedAt + String(this.records).padStart(COUNTER_DIGITS, '0'),
        at: Date.now(),
        userIdentity,
      },
    );
    if (!record) return;
    this.records += 1;
    this.onRecord(record, table);
  }
}

function keyIn(image: Item, { keyNames }: StreamedTable): Item {
  return Object.fromEntries(
    keyNames.flatMap((name) => {
      const value = image[name];
      return value ? [[name, value]] : [];
    }),
  );
}
