/** Where the tables of a stage are: the local runtime, or an account of AWS. */

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { signInError } from './account/aws-error.ts';
import { readStackResources } from './account/facts/stacks.ts';
import { CommandLineError } from './command-line.ts';
import { deployableStage, regionOf } from './deployable-stage.ts';
import { paceOf } from './erasure/pace.ts';
import { type NamedTable, stageTables } from './erasure/stage-tables.ts';
import type { Place } from './erasure/walk.ts';
import type { PlaceOptions } from './erasure-options.ts';

const TABLES: ReadonlySet<string> = new Set(['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table']);

/** The tables, and the names of those that are the application's own. */
export interface StagePlace {
  readonly place: Place;
  readonly others: readonly string[];
}

/** @throws CommandLineError when there is no such stage; Error when a table is missing. */
export async function stagePlace(options: PlaceOptions): Promise<StagePlace> {
  const { client, found } = await (options.stage === 'local' ? onLaptop(options) : onAws(options));
  const { tables, others } = stageTables(found);
  return { place: { client, tables, pace: paceOf(options.unitsPerSecond), now: Date.now }, others };
}

/** The local runtime names its tables by the ids of the template. */
async function onLaptop({ dynamodb = '' }: PlaceOptions) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: dynamodb, region: 'us-east-1', credentials });
  const found: NamedTable[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {}))
    found.push(...TableNames.map((name) => ({ logicalId: name, name })));
  return { client, found };
}

async function onAws({ stage }: PlaceOptions) {
  const region = regionOf(deployableStage(stage));
  const config = region === undefined ? {} : { region };
  const stackName = stackNameOf(stage);
  const resources = await readStackResources(new CloudFormationClient(config), stackName).catch(
    (error: unknown) => {
      throw signInError(error);
    },
  );
  if (!resources)
    throw new CommandLineError(`There is no stack ${stackName} in this account and region: deploy it first.`);
  const found = resources
    .filter(({ type, physicalId }) => TABLES.has(type) && physicalId !== '')
    .map(({ logicalId, physicalId }) => ({ logicalId, name: physicalId }));
  return { client: new DynamoDBClient(config), found };
}
