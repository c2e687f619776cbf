import {
  CloudFormationClient,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommandLineError } from '../../../bin/command-line.ts';
import { positionText } from '../../../bin/erasure/position.ts';
import { tableNames } from '../../../bin/erasure/rules.ts';
import { ERASE_USAGE, parseEraseOptions, parseExportOptions } from '../../../bin/erasure-options.ts';
import { stagePlace } from '../../../bin/erasure-place.ts';

const stacks = mockClient(CloudFormationClient);

const resource = (
  LogicalResourceId: string,
  ResourceType = 'AWS::DynamoDB::GlobalTable',
): StackResourceSummary => ({
  LogicalResourceId,
  PhysicalResourceId: `Fanfare-prod-${LogicalResourceId}-XYZ`,
  ResourceType,
  ResourceStatus: 'CREATE_COMPLETE',
  LastUpdatedTimestamp: new Date(0),
});

const tables = tableNames.map((name) =>
  resource(`Storage${name.charAt(0).toUpperCase()}${name.slice(1)}1A2B3C4D`),
);

const prod = parseEraseOptions(['--stage', 'prod', '--user', 'ann']);

beforeEach(() => stacks.reset());

describe('the tables of a deployed stage', () => {
  it('are those of its stack, with the names that CloudFormation chose', async () => {
    stacks.on(ListStackResourcesCommand).resolves({
      StackResourceSummaries: [
        ...tables,
        resource('Orders5E6F7A8B', 'AWS::DynamoDB::Table'),
        resource('Log', 'AWS::Logs::LogGroup'),
      ],
    });

    const { place, others } = await stagePlace(prod);

    expect(place.tables.readPositions).toBe('Fanfare-prod-StorageReadPositions1A2B3C4D-XYZ');
    expect(others).toEqual(['Fanfare-prod-Orders5E6F7A8B-XYZ']);
    expect(stacks.commandCalls(ListStackResourcesCommand)[0]?.args[0].input.StackName).toBe('Fanfare-prod');
  });

  it('are missed when there is no stack', async () => {
    const missing = Object.assign(new Error('Stack with id Fanfare-prod does not exist'), {
      name: 'ValidationError',
    });
    stacks.on(ListStackResourcesCommand).rejects(missing);

    await expect(stagePlace(prod)).rejects.toThrow(
      'There is no stack Fanfare-prod in this account and region',
    );
  });

  it('are refused for a stage that no one can deploy', async () => {
    const options = parseExportOptions(['--stage', 'staging', '--user', 'ann']);

    await expect(stagePlace(options)).rejects.toThrow('--stage takes dev or prod; got "staging".');
  });
});

describe('the flags of the erasure', () => {
  it('change nothing without --yes', () => {
    expect(prod).toMatchObject({ user: 'ann', stage: 'prod', isDry: true, unitsPerSecond: 1_000 });
    expect(parseEraseOptions(['--stage', 'prod', '--user', 'ann', '--yes']).isDry).toBe(false);
  });

  it('go on at a position', () => {
    const from = { table: 'messages', after: { channel: { S: 'chat:a' }, seq: { N: '7' } } } as const;
    const flags = ['--stage', 'prod', '--user', 'ann', '--from', positionText(from)];

    expect(parseEraseOptions(flags).from).toEqual(from);
  });

  it.each([
    [['--stage', 'prod'], ERASE_USAGE],
    [['--user', 'ann'], 'The local stage needs --dynamodb: the URL that `npm start` prints as "dynamodb".'],
    [['--user', 'ann', '--stage', 'prod', '--units', '0'], '--units takes a whole number above 0; got "0".'],
    [
      ['--user', 'ann', '--stage', 'prod', '--from', 'here'],
      '--from takes the position that a run has printed when it broke off.',
    ],
  ])('are refused in a sentence: %j', (flags, sentence) => {
    expect(() => parseEraseOptions(flags)).toThrow(new CommandLineError(sentence));
  });
});
