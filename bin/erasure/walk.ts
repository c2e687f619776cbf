/** Visits everything of one user in all tables of a stage. Erasure and export are two visitors. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambdas/aws/record-item.ts';
import type { TableName } from '../../lambdas/manifest/manifest.ts';
import { finders } from './find.ts';
import type { Finding } from './finding.ts';
import type { Pace } from './pace.ts';
import { type Position, positionText } from './position.ts';
import { tableNames } from './rules.ts';
import { scanTable } from './scan-table.ts';
import { type Subject, subjectOf } from './subject.ts';

/** The names of a stage's tables, as DynamoDB knows them. */
export type StageTables = Readonly<Record<TableName, string>>;

export interface Place {
  readonly client: DynamoDBClient;
  readonly tables: StageTables;
  readonly pace: Pace;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Found {
  readonly table: TableName;
  readonly item: Item;
  readonly finding: Finding;
}

/** What was found on a page. */
export interface Visit {
  readonly table: TableName;
  readonly found: readonly Found[];
  /** The read units of the page. */
  readonly units: number;
}

/** A run that broke off. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** A user, and the read units that it took to find the user's connections. */
export interface Search {
  readonly subject: Subject;
  readonly readUnits: ReadonlyMap<TableName, number>;
}

/** The rows by which everything else of the user is found. They have to be looked for before a revocation deletes them. */
export async function findSubject({ client, tables, pace, now }: Place, user: string): Promise<Search> {
  const ids: string[] = [];
  const readUnits = new Map<TableName, number>();
  for (const table of ['connections', 'subscriptions'] as const)
    for await (const { items, units } of scanTable(client, tables[table], pace)) {
      readUnits.set(table, (readUnits.get(table) ?? 0) + units);
      for (const { user: owner, connectionId } of items)
        if (owner?.S === user && connectionId?.S !== undefined) ids.push(connectionId.S);
    }
  return { subject: subjectOf(user, ids, Math.floor(now() / 1000)), readUnits };
}

/**
 * @param visit Gets each page, when the one before is done.
 * @param from Where an earlier run broke off.
 * @throws Error that says where to go on.
 */
export async function walk(
  place: Place,
  subject: Subject,
  visit: (page: Visit) => Promise<void>,
  from?: Position,
): Promise<void> {
  const first = from ? tableNames.indexOf(from.table) : 0;
  for (const table of tableNames.slice(first)) {
    let after = from?.table === table ? from.after : undefined;
    try {
      for await (const { items, units, next } of scanTable(
        place.client,
        place.tables[table],
        place.pace,
        after,
      )) {
        await visit({ table, found: items.flatMap((item) => foundIn(table, item, subject)), units });
        after = next;
      }
    } catch (error) {
      const { message } = error instanceof Error ? error : { message: String(error) };
      throw new BrokenOff(
        `The table ${table} could not be done: ${message}\nGo on with --from ${positionText({ table, after })}`,
        { cause: error },
      );
    }
  }
}

function foundIn(table: TableName, item: Item, subject: Subject): readonly Found[] {
  const finding = finders[table](item, subject);
  return finding ? [{ table, item, finding }] : [];
}
