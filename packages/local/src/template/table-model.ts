/** The tables of a template, whichever of the two types of resource they are. */

import type { Properties, Resources } from './resources.ts';

export interface TableModel extends Properties<'AWS::DynamoDB::GlobalTable'> {
  /** As it is in the DynamoDB API. */
  readonly name: string;
}

export function tableModels(resources: Resources): TableModel[] {
  const tables = [...resources['AWS::DynamoDB::GlobalTable'], ...resources['AWS::DynamoDB::Table']];
  return tables.map((table) => ({ ...table, name: table.TableName ?? table.logicalId }));
}
