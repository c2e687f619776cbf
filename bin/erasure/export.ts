/** Reads what a user has in the tables, by the same rules as the erasure. */

import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../../lambdas/aws/record-item.ts';
import type { TableName } from '../../lambdas/manifest/manifest.ts';
import type { Subject } from './subject.ts';
import { type Place, walk } from './walk.ts';

export interface UserExport {
  readonly user: string;
  /** ISO 8601. */
  readonly at: string;
  readonly tables: Readonly<Partial<Record<TableName, readonly unknown[]>>>;
}

/** @throws Error. An export begins again: a part of it would be no answer. */
export async function exportUser(place: Place, subject: Subject): Promise<UserExport> {
  const tables: Partial<Record<TableName, unknown[]>> = {};
  await walk(place, subject, async ({ table, found }) => {
    for (const { item } of found) {
      tables[table] ??= [];
      tables[table].push(readable(item));
    }
  });
  return { user: subject.user, at: new Date(place.now()).toISOString(), tables };
}

/** Frames are bytes in the table, and text for a reader. */
function readable(item: Item): unknown {
  const { frame, ...rest } = item;
  const bytes = frame?.B;
  return { ...unmarshall(rest), ...(bytes && { frame: Buffer.from(bytes).toString('utf8') }) };
}
