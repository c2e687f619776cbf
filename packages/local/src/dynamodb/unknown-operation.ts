/** Names the operations of DynamoDB that the embedded store does not have, because the SDK would call them an unknown error. */

import { CONTENT_TYPE, type RawAnswer } from './store-behind.ts';

const PARTIQL = 'PartiQL';

/** What each operation needs. */
const unknown: ReadonlyMap<string, string> = new Map([
  ['ExecuteStatement', PARTIQL],
  ['BatchExecuteStatement', PARTIQL],
  ['ExecuteTransaction', PARTIQL],
  ['CreateBackup', 'backups'],
  ['DeleteBackup', 'backups'],
  ['DescribeBackup', 'backups'],
  ['ListBackups', 'backups'],
  ['RestoreTableFromBackup', 'backups'],
  ['RestoreTableToPointInTime', 'backups'],
  ['DescribeContinuousBackups', 'backups'],
  ['UpdateContinuousBackups', 'backups'],
  ['ExportTableToPointInTime', 'exports'],
  ['DescribeExport', 'exports'],
  ['ListExports', 'exports'],
  ['ImportTable', 'imports'],
  ['DescribeImport', 'imports'],
  ['ListImports', 'imports'],
  ['CreateGlobalTable', 'replicas'],
  ['UpdateGlobalTable', 'replicas'],
  ['DescribeGlobalTable', 'replicas'],
  ['ListGlobalTables', 'replicas'],
]);

export function unknownOperation(operation: string): RawAnswer | undefined {
  const what = unknown.get(operation);
  if (what === undefined) return undefined;
  const message = `The DynamoDB of the local runtime has no ${what}: it does not know ${operation}.`;
  const body = JSON.stringify({ __type: 'com.amazon.coral.service#UnknownOperationException', message });
  return { status: 400, headers: { 'Content-Type': CONTENT_TYPE }, body };
}
