/** Deletes and empties what a user has in the tables, or counts what it would. */

import { DeleteItemCommand, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { conditionHolds } from '../../lambdas/aws/condition.ts';
import type { Item } from '../../lambdas/aws/record-item.ts';
import type { TableName } from '../../lambdas/manifest/manifest.ts';
import { visitInFlight } from '../../lambdas/realtime/in-flight.ts';
import { writeUnitsOf } from './item-size.ts';
import type { Position } from './position.ts';
import { rules } from './rules.ts';
import { type Found, type Place, type Search, walk } from './walk.ts';

/** What a run did in a table, or would do. */
export interface Tally {
  readonly deleted: number;
  readonly rewritten: number;
  /** With the number of items for each reason. */
  readonly kept: ReadonlyMap<string, number>;
  readonly readUnits: number;
  /** As DynamoDB bills them, without those of indexes. */
  readonly writeUnits: number;
}

export type Tallies = ReadonlyMap<TableName, Tally>;

export const EMPTY: Tally = { deleted: 0, rewritten: 0, kept: new Map(), readUnits: 0, writeUnits: 0 };

const WRITES_IN_FLIGHT = 8;

/**
 * Every write says what it expects, so a second run, or two at the same time, do no harm.
 *
 * @param isDry Only counts.
 * @throws Error that says where to go on.
 */
export async function erase(
  place: Place,
  { subject, readUnits: searched }: Search,
  { isDry, from }: { readonly isDry: boolean; readonly from?: Position | undefined },
): Promise<Tallies> {
  const tallies = new Map<TableName, Tally>(
    [...searched].map(([table, readUnits]) => [table, { ...EMPTY, readUnits }]),
  );
  await walk(
    place,
    subject,
    async ({ table, found, units }) => {
      const before = tallies.get(table) ?? EMPTY;
      if (!isDry) await visitInFlight(found, WRITES_IN_FLIGHT, (one) => write(place, one));
      tallies.set(table, found.reduce(counted, { ...before, readUnits: before.readUnits + units }));
    },
    from,
  );
  return tallies;
}

async function write({ client, tables, pace }: Place, { table, item, finding }: Found): Promise<void> {
  if (finding.kind === 'keep') return;
  await pace.spend(writeUnitsOf(item));
  const keyed = { TableName: tables[table], Key: keyOf(table, item) };
  await conditionHolds(
    finding.kind === 'delete'
      ? client.send(new DeleteItemCommand({ ...keyed, ...finding.condition }))
      : rewrite(client, { ...keyed, ...finding.rewriting }),
  );
}

const rewrite = (client: DynamoDBClient, input: ConstructorParameters<typeof UpdateItemCommand>[0]) =>
  client.send(new UpdateItemCommand(input));

function keyOf(table: TableName, item: Item): Item {
  return Object.fromEntries(
    rules[table].key.flatMap((name) => {
      const value = item[name];
      return value ? [[name, value]] : [];
    }),
  );
}

function counted(tally: Tally, { item, finding }: Found): Tally {
  if (finding.kind === 'keep') {
    const { why } = finding;
    return { ...tally, kept: new Map([...tally.kept, [why, (tally.kept.get(why) ?? 0) + 1]]) };
  }
  const counter = finding.kind === 'delete' ? 'deleted' : 'rewritten';
  return { ...tally, [counter]: tally[counter] + 1, writeUnits: tally.writeUnits + writeUnitsOf(item) };
}
