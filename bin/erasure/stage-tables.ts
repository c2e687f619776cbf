/** Finds the tables of a stage among all that its stack has. */

import type { TableName } from '../../lambdas/manifest/manifest.ts';
import { tableNames } from './rules.ts';
import type { StageTables } from './walk.ts';

/** A table by the id in the template, and the name in DynamoDB. */
export interface NamedTable {
  readonly logicalId: string;
  readonly name: string;
}

/** The CDK puts the path of a resource and a hash of eight digits into the id: `StorageReadPositions1A2B3C4D`. */
const ID = /Storage([A-Z][A-Za-z]*?)[0-9A-F]{8}$/;

/**
 * The tables of Fanfare, and the names of the others, which are the application's own.
 *
 * @throws Error that names a table that is not there.
 */
export function stageTables(found: readonly NamedTable[]): {
  readonly tables: StageTables;
  readonly others: readonly string[];
} {
  const known = new Map<string, string>();
  const others: string[] = [];
  for (const { logicalId, name } of found) {
    const table = tableNameIn(logicalId);
    if (table === undefined) others.push(name);
    else known.set(table, name);
  }
  const nameOf = (table: TableName) => {
    const name = known.get(table);
    if (name !== undefined) return name;
    throw new Error(`The stage has no table ${table}: deploy this version first.`);
  };
  return { tables: recordOf(nameOf), others };
}

function tableNameIn(logicalId: string): TableName | undefined {
  const [, path = ''] = ID.exec(logicalId) ?? [];
  return tableNames.find((table) => table.toLowerCase() === path.toLowerCase());
}

function recordOf(nameOf: (table: TableName) => string): StageTables {
  return {
    connections: nameOf('connections'),
    subscriptions: nameOf('subscriptions'),
    channels: nameOf('channels'),
    messages: nameOf('messages'),
    values: nameOf('values'),
    publishKeys: nameOf('publishKeys'),
    charges: nameOf('charges'),
    deliveryClaims: nameOf('deliveryClaims'),
    revocations: nameOf('revocations'),
    readPositions: nameOf('readPositions'),
    occupancy: nameOf('occupancy'),
    presence: nameOf('presence'),
    httpSessions: nameOf('httpSessions'),
    mailboxes: nameOf('mailboxes'),
  };
}
