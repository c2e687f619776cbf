import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../lambdas/manifest/manifest.ts';
import { type Deployment, deployments, synthesized } from './template.ts';

const templateOf = (deployment: Deployment) => synthesized(deployments[deployment]).backend;

const everything = templateOf('prod that tells everything');
const nothing = templateOf('dev that tells nothing');
const prod = templateOf('prod');

const functions = ['connection-events', 'channel-events', 'message-events'] as const;

function resourcesOf(template: Template, name: (typeof functions)[number]) {
  return Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: { Description: manifest[name].purpose } }),
  );
}

/** The names of tables that have a stream. */
function streamed(template: Template): (string | undefined)[] {
  return Object.entries(template.findResources('AWS::DynamoDB::GlobalTable'))
    .filter(([, { Properties }]) => Properties.StreamSpecification)
    .map(([id]) => /^Storage(\w+?)[0-9A-F]{8}$/.exec(id)?.[1]);
}

function mappingOf(template: Template, name: string) {
  const [found] = Object.entries(template.findResources('AWS::Lambda::EventSourceMapping')).filter(([id]) =>
    id.startsWith(name.replace('-', '')),
  );
  if (!found) throw new Error(`Nothing is read by ${name}`);
  return found[1]['Properties'];
}

describe('a stage with all events on', () => {
  it.each(functions)('has the function %s, which sends events with the stage as their source', (name) => {
    const [found] = resourcesOf(everything, name);

    expect(found?.['Properties'].Environment.Variables).toMatchObject({ EVENT_SOURCE: 'fanfare.prod' });
  });

  it('sends the data of messages only because its settings say so', () => {
    const [found] = resourcesOf(everything, 'message-events');

    expect(found?.['Properties'].Environment.Variables.MESSAGE_EVENTS).toBe('with data');
  });

  it.each([...functions, 'presence'])(
    'lets %s try half an hour, report what it gives up, and halve a batch to find the bad record',
    (name) => {
      const mapping = mappingOf(everything, name);

      expect(mapping).toMatchObject({
        MaximumRetryAttempts: 30,
        MaximumRecordAgeInSeconds: 43_200,
        DestinationConfig: {
          OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^GivenUpQueue/), 'Arn'] } },
        },
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        // The stream already contains the changes that happen while a mapping starts.
        StartingPosition: 'TRIM_HORIZON',
      });
    },
  );

  it('gathers changes for a second only where neither a user nor a function waits for what follows', () => {
    const windows = [...functions, 'presence'].map((name) => [
      name,
      mappingOf(everything, name).MaximumBatchingWindowInSeconds,
    ]);

    expect(Object.fromEntries(windows)).toEqual({
      'connection-events': 1,
      'channel-events': undefined,
      'message-events': undefined,
      presence: undefined,
    });
  });

  it('runs no function for changes that cause no event, such as renewals and subscribers of @all', () => {
    const patternsOf = (name: string) =>
      mappingOf(everything, name).FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
        JSON.parse(Pattern),
      );

    expect(patternsOf('connection-events')).toEqual([{ eventName: ['INSERT', 'REMOVE'] }]);
    expect(patternsOf('message-events')).toEqual([{ eventName: ['INSERT'] }]);
    expect(patternsOf('channel-events')).toEqual([
      {
        eventName: ['INSERT', 'REMOVE'],
        dynamodb: {
          Keys: {
            channelShard: {
              S: [{ prefix: 'public:' }, { prefix: 'chat:' }, { prefix: 'live:' }, { prefix: '@user:' }],
            },
          },
        },
      },
    ]);
    expect(patternsOf('presence')).toEqual([
      { dynamodb: { NewImage: { isMember: { BOOL: [true] } } } },
      { dynamodb: { OldImage: { isMember: { BOOL: [true] } } } },
    ]);
  });

  it('has one encrypted queue for records that its readers give up, for two weeks', () => {
    everything.resourceCountIs('AWS::SQS::Queue', 1);
    everything.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
      SqsManagedSseEnabled: true,
    });
    everything.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      },
    });
  });

  it('has no stream with more readers than the two that DynamoDB allows', () => {
    const mappings = Object.values(everything.findResources('AWS::Lambda::EventSourceMapping'));
    const streams = mappings.map(({ Properties }) => JSON.stringify(Properties.EventSourceArn));
    const readers = [...new Set(streams)].map((stream) => streams.filter((one) => one === stream).length);

    expect(readers.toSorted()).toEqual([1, 1, 2]);
  });

  it('has streams of the tables of its events', () => {
    expect(streamed(everything)).toEqual(['Connections', 'Subscriptions', 'Messages']);
  });
});

describe('a stage with all events off', () => {
  it.each(functions)('does not have the function %s', (name) => {
    expect(resourcesOf(nothing, name)).toEqual([]);
  });

  it('may put no event on the bus of the account', () => {
    expect(JSON.stringify(nothing.toJSON())).not.toContain('events:PutEvents');
  });

  it('has no stream of connections and messages', () => {
    const tables = streamed(nothing);

    expect(tables).not.toContain('Connections');
    expect(tables).not.toContain('Messages');
  });
});

describe('the stage prod, for which no rule wants an event', () => {
  it.each(functions)('does not have the function %s', (name) => {
    expect(resourcesOf(prod, name)).toEqual([]);
  });

  it('has a stream only of subscriptions, for presence', () => {
    expect(streamed(prod)).toEqual(['Subscriptions']);
    prod.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
  });
});
