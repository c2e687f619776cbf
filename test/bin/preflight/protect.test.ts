import { ListStackResourcesCommand, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { accountClients } from '../../../bin/account/clients.ts';
import { protectReport } from '../../../bin/account/protect-report.ts';
import { protectTables } from '../../../bin/account/protect-tables.ts';
import { CommandLineError } from '../../../bin/command-line.ts';
import { PROTECT_USAGE, parseProtectOptions } from '../../../bin/protect-options.ts';
import { stages } from '../../../lib/settings/stage-settings.ts';
import { REGION } from './accounts.ts';
import { aws, awsError, operations, resetAws } from './aws.ts';

const resource = (name: string, type = 'AWS::DynamoDB::GlobalTable'): StackResourceSummary => ({
  LogicalResourceId: name,
  PhysicalResourceId: `Fanfare-prod-${name}`,
  ResourceType: type,
  ResourceStatus: 'CREATE_COMPLETE',
  LastUpdatedTimestamp: new Date(0),
});

const protectProd = (protection = true) =>
  protectTables(accountClients(REGION), { settings: stages.prod, protection });

const updates = () => aws.tables.commandCalls(UpdateTableCommand).map(({ args: [{ input }] }) => input);

beforeEach(() => {
  resetAws();
  aws.stacks.on(ListStackResourcesCommand).callsFake(({ NextToken }) =>
    NextToken === undefined
      ? {
          StackResourceSummaries: [resource('Channels'), resource('Log', 'AWS::Logs::LogGroup')],
          NextToken: '2',
        }
      : { StackResourceSummaries: [resource('Messages', 'AWS::DynamoDB::Table')] },
  );
  aws.tables.on(UpdateTableCommand).resolves({});
});

describe('protecting the tables of a stage', () => {
  it('turns it on for every table of the stack, and for nothing else', async () => {
    const outcomes = await protectProd();

    expect(updates()).toEqual([
      { TableName: 'Fanfare-prod-Channels', DeletionProtectionEnabled: true },
      { TableName: 'Fanfare-prod-Messages', DeletionProtectionEnabled: true },
    ]);
    expect(protectReport(outcomes, true)).toBe(
      [
        'Fanfare-prod-Channels  protected',
        'Fanfare-prod-Messages  protected',
        'All 2 tables are protected.',
      ].join('\n'),
    );
  });

  it('changes nothing the second time', async () => {
    aws.tables.on(DescribeTableCommand).resolves({ Table: { DeletionProtectionEnabled: true } });

    expect(protectReport(await protectProd(), true)).toContain('Fanfare-prod-Channels  protected, as before');
    expect(updates()).toEqual([]);
    expect(operations()).toEqual([
      'ListStackResources',
      'ListStackResources',
      'DescribeTable',
      'DescribeTable',
    ]);
  });

  it('turns it off with --off', async () => {
    aws.tables
      .on(DescribeTableCommand, { TableName: 'Fanfare-prod-Messages' })
      .resolves({ Table: { DeletionProtectionEnabled: true } });

    expect(protectReport(await protectProd(false), false)).toBe(
      [
        'Fanfare-prod-Channels  not protected, as before',
        'Fanfare-prod-Messages  not protected',
        'All 2 tables are not protected.',
      ].join('\n'),
    );
    expect(updates()).toEqual([{ TableName: 'Fanfare-prod-Messages', DeletionProtectionEnabled: false }]);
  });

  it('goes on after a table that fails, and says why it failed', async () => {
    aws.tables
      .on(UpdateTableCommand, { TableName: 'Fanfare-prod-Channels' })
      .rejects(awsError('ResourceInUseException', 'The table is being updated'));
    const outcomes = await protectProd();

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'changed']);
    expect(protectReport(outcomes, true)).toBe(
      [
        'Fanfare-prod-Channels  failed: ResourceInUseException: The table is being updated',
        'Fanfare-prod-Messages  protected',
        '1 of 2 tables are protected; run it again for the other 1.',
      ].join('\n'),
    );
  });

  it('says in a sentence that there is no such stack, or that it has no tables', async () => {
    aws.stacks.reset();
    aws.stacks
      .on(ListStackResourcesCommand)
      .rejectsOnce(awsError('ValidationError', 'Stack with id Fanfare-prod does not exist'))
      .resolves({ StackResourceSummaries: [resource('Log', 'AWS::Logs::LogGroup')] });

    await expect(protectProd()).rejects.toThrow(
      'There is no stack Fanfare-prod in this account and region: deploy it first.',
    );
    await expect(protectProd()).rejects.toThrow('The stack Fanfare-prod has no tables.');
  });

  it('says in a sentence that credentials have expired', async () => {
    aws.stacks.on(ListStackResourcesCommand).rejects(awsError('ExpiredTokenException'));

    await expect(protectProd()).rejects.toThrow('The AWS credentials have expired. Sign in');
  });
});

describe('the flags of npm run protect', () => {
  it('are the stage, and --off', () => {
    expect(parseProtectOptions(['--stage', 'prod'])).toEqual({ settings: stages.prod, protection: true });
    expect(parseProtectOptions(['--stage', 'dev', '--off'])).toEqual({
      settings: stages.dev,
      protection: false,
    });
  });

  it.each([[[]], [['--stage=']]])('need a stage: %j', (args) => {
    expect(() => parseProtectOptions(args)).toThrow(new CommandLineError(PROTECT_USAGE));
  });

  it.each([
    [['--stage', 'local'], /^--stage takes .+; got "local"\.$/],
    [['--sage', 'prod'], "'--sage'"],
  ])('are refused in a sentence: %j', (args, sentence) => {
    expect(() => parseProtectOptions(args)).toThrow(sentence);
  });
});
