/** The examples for publishing from other AWS services: their templates, and that the requests that they make are publishes. */

import { App, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { QueueStack } from '../../examples/publish-from-aws/queue-stack.ts';
import { ScheduleStack } from '../../examples/publish-from-aws/schedule-stack.ts';
import { UploadsStack } from '../../examples/publish-from-aws/uploads-stack.ts';
import { fillTemplate } from '../../packages/local/src/languages/input-template.ts';
import { templateOf } from '../lib/template.ts';

function synthesized(make: (app: App) => Stack): Template {
  return Template.fromStack(make(new App({ analyticsReporting: false })));
}

/** The properties of the only resource of a type. */
function only<Schema extends v.GenericSchema>(
  template: Template,
  type: string,
  schema: Schema,
): v.InferOutput<Schema> {
  template.resourceCountIs(type, 1);
  const [resource] = Object.values(template.findResources(type));
  return v.parse(schema, resource?.['Properties']);
}

const published = (body: unknown) => v.parse(operations.publish.body, body);

describe('uploads', () => {
  const template = synthesized((app) => new UploadsStack(app, 'Uploads', { stage: 'dev' }));
  const rule = v.object({
    Targets: v.tuple([
      v.object({
        Arn: v.unknown(),
        InputTransformer: v.object({
          InputPathsMap: v.record(v.string(), v.string()),
          InputTemplate: v.string(),
        }),
      }),
    ]),
  });

  it('go from S3 by EventBridge to the function of the stage, which the rule may run', () => {
    const [{ Arn }] = only(template, 'AWS::Events::Rule', rule).Targets;

    template.hasResourceProperties('Custom::S3BucketNotifications', {
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    });
    expect(JSON.stringify(Arn)).toContain(':function:Fanfare-dev-publish-event');
    template.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: Arn,
      Principal: 'events.amazonaws.com',
    });
    templateOf('dev').hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'Fanfare-dev-publish-event',
    });
  });

  it('become a message that names the file, under the id of the event', () => {
    const [{ InputTransformer }] = only(template, 'AWS::Events::Rule', rule).Targets;
    const values = new Map([
      ['$.id', 'event-1'],
      ['$.detail.object.key', 'photos/"new" one.jpg'],
    ]);
    const paths = Object.entries(InputTransformer.InputPathsMap);
    const filled = fillTemplate(
      InputTransformer.InputTemplate,
      new Map(paths.map(([name, path]) => [name, values.get(path)])),
    );

    expect(filled).toMatchObject({ id: 'event-1' });
    expect(published(filled)).toEqual({
      channels: ['public:uploads'],
      data: { name: 'photos/"new" one.jpg' },
    });
  });
});

describe('a queue', () => {
  const template = synthesized((app) => new QueueStack(app, 'Queue', { stage: 'dev' }));
  const pipe = v.object({
    TargetParameters: v.object({
      InputTemplate: v.string(),
      EventBridgeEventBusParameters: v.object({ DetailType: v.string() }),
    }),
  });

  it('is emptied by a pipe that may only read it and put events on the default bus', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = v.parse(
      v.array(v.object({ Action: v.union([v.string(), v.array(v.string())]), Resource: v.unknown() })),
      policy?.['Properties'].PolicyDocument.Statement,
    );

    expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
      'events:PutEvents',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ]);
    expect(statements.map(({ Resource }) => Resource)).not.toContain('*');
    template.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: Match.anyValue() });
  });

  it('has messages that become events of the published type, with their own ids', () => {
    const { TargetParameters } = only(template, 'AWS::Pipes::Pipe', pipe);
    const message: Readonly<Record<string, string>> = {
      '$.body.channels': '["public:orders"]',
      '$.body.data': '{"order":17}',
      '$.messageId': '059f36b4-87a3-44ab-83d2-661975830a7d',
    };
    const detail = TargetParameters.InputTemplate.replaceAll(
      /<([^>]+)>/g,
      (_all, path) => message[path] ?? '',
    );

    expect(TargetParameters.EventBridgeEventBusParameters.DetailType).toBe('fanfare.publish');
    expect(JSON.parse(detail)).toHaveProperty('stage', 'dev');
    expect(published(JSON.parse(detail))).toEqual({
      channels: ['public:orders'],
      data: { order: 17 },
      key: '059f36b4-87a3-44ab-83d2-661975830a7d',
    });
  });
});

it('every event on the default bus names one stage, which alone has a rule for it', () => {
  const patterns = (['dev', 'prod'] as const).flatMap((stage) => {
    // Others run by a schedule.
    const rules = templateOf(stage).findResources('AWS::Events::Rule', {
      Properties: { EventPattern: Match.anyValue() },
    });
    return Object.values(rules).map((rule) => rule['Properties'].EventPattern);
  });

  expect(patterns).toEqual(
    ['dev', 'prod'].map((stage) => ({
      // A sender that may publish to one stage has the source of that stage.
      source: [{ 'anything-but': { prefix: 'fanfare.publish.' } }, `fanfare.publish.${stage}`],
      'detail-type': ['fanfare.publish'],
      detail: { stage: [stage] },
    })),
  );
});

describe('a schedule', () => {
  const template = synthesized((app) => new ScheduleStack(app, 'Schedule', { stage: 'dev' }));
  const schedule = v.object({
    ScheduleExpression: v.string(),
    Target: v.object({
      Input: v.string(),
      EventBridgeParameters: v.object({ DetailType: v.string() }),
    }),
  });

  it('puts an event of the published type every hour, with the hour as its id', () => {
    const { ScheduleExpression, Target } = only(template, 'AWS::Scheduler::Schedule', schedule);
    const detail = Target.Input.replace('<aws.scheduler.scheduled-time>', '2026-11-22T12:00:00Z');

    expect(ScheduleExpression).toBe('rate(1 hour)');
    expect(Target.EventBridgeParameters.DetailType).toBe('fanfare.publish');
    expect(JSON.parse(detail)).toHaveProperty('stage', 'dev');
    expect(published(JSON.parse(detail))).toEqual({
      channels: ['public:clock'],
      data: 'One more hour',
      key: '2026-11-22T12:00:00Z',
    });
  });

  it('may only put events', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'events:PutEvents', Effect: 'Allow' }] },
    });
  });
});
