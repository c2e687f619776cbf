/** Turns the deletion protection of a stage's tables on or off, each table by itself. */

import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { stackNameOf } from '../../lib/settings/stack-name.ts';
import { CommandLineError } from '../command-line.ts';
import type { ProtectOptions } from '../protect-options.ts';
import { nameOf, signInError } from './aws-error.ts';
import { readStackResources, type StackResource } from './facts/stacks.ts';
import { isProtected } from './facts/tables.ts';

export interface ProtectClients {
  readonly stacks: CloudFormationClient;
  readonly tables: DynamoDBClient;
}

export interface TableOutcome {
  readonly table: string;
  readonly outcome: 'changed' | 'unchanged' | 'failed';
  /** Why it failed. */
  readonly reason?: string;
}

const TABLES: ReadonlySet<string> = new Set(['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table']);

/** @throws CommandLineError when there is no such stack, or it has no tables. */
export async function protectTables(
  { stacks, tables }: ProtectClients,
  { settings, protection }: ProtectOptions,
): Promise<readonly TableOutcome[]> {
  const stackName = stackNameOf(settings.name);
  const resources = await resourcesOf(stacks, stackName);
  if (!resources)
    throw new CommandLineError(`There is no stack ${stackName} in this account and region: deploy it first.`);
  const names = resources
    .filter(({ type, physicalId }) => TABLES.has(type) && physicalId !== '')
    .map(({ physicalId }) => physicalId);
  if (names.length === 0) throw new CommandLineError(`The stack ${stackName} has no tables.`);
  const outcomes: TableOutcome[] = [];
  // One after the other, because DynamoDB changes few tables of an account at once.
  for (const table of names) outcomes.push(await protect(tables, table, protection));
  return outcomes;
}

async function resourcesOf(
  client: CloudFormationClient,
  stackName: string,
): Promise<readonly StackResource[] | undefined> {
  try {
    return await readStackResources(client, stackName);
  } catch (error) {
    throw signInError(error);
  }
}

/** Never throws: the other tables are worth protecting, too. */
async function protect(client: DynamoDBClient, table: string, protection: boolean): Promise<TableOutcome> {
  try {
    if ((await isProtected(client, table)) === protection) return { table, outcome: 'unchanged' };
    await client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: protection }));
    return { table, outcome: 'changed' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { table, outcome: 'failed', reason: `${nameOf(error)}: ${message}` };
  }
}
