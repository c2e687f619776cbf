/** The tables of a template, of both resource types. */

import type { Properties, Resources } from './resources.ts';

export interface TableModel extends Properties<'AWS::DynamoDB::GlobalTable'> {
  /** The name in the DynamoDB API. */
  readonly name: string;
}

export function tableModels(resources: Resources): TableModel[] {
  const tables = [...resources['AWS::DynamoDB::GlobalTable'], ...resources['AWS::DynamoDB::Table']];
  return tables.map((table) => ({ ...table, name: table.TableName ?? table.logicalId }));
}
