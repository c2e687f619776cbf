/** Where a run that broke off goes on: a table, and the last key of the last page that was done. */

import * as v from 'valibot';
import type { Item } from '../../lambdas/aws/record-item.ts';
import type { TableName } from '../../lambdas/manifest/manifest.ts';
import { tableNames } from './rules.ts';

export interface Position {
  readonly table: TableName;
  /** Absent: the beginning of the table. */
  readonly after?: Item | undefined;
}

/** Keys are strings and numbers. */
const key = v.record(
  v.string(),
  v.union([v.strictObject({ S: v.string() }), v.strictObject({ N: v.string() })]),
);

const position = v.object({ table: v.picklist(tableNames), after: v.optional(key) });

export function positionText(place: Position): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** `undefined`: it is not a position. */
export function readPosition(text: string): Position | undefined {
  const json = v.pipe(v.string(), v.parseJson(), position);
  const { success, output } = v.safeParse(json, Buffer.from(text, 'base64url').toString('utf8'));
  return success ? output : undefined;
}
