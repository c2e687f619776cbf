import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { checks } from '../../../lib/deploy-checks/deploy-findings.ts';
import { readTemplate } from '../../../lib/deploy-checks/deploy-template.ts';
import { alarmNames, alarms } from '../../../lib/observability/alarm-table.ts';
import { SettingError } from '../../../lib/settings/setting-error.ts';
import { fanfareIn, shopStack, templateIn } from '../construct.ts';
import { linesOf } from '../deploy-checks/planted.ts';
import { deploymentNames, deployments, templateOf, templatesOf } from '../template.ts';

const ANNOUNCE = fileURLToPath(new URL('../announce.ts', import.meta.url));

const ALARM = 'AWS::CloudWatch::Alarm';
const types = [
  ALARM,
  'AWS::CloudWatch::Dashboard',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::SNS::Topic',
];

describe('a stage with alarms', () => {
  const template = templateOf('prod');

  it('has every alarm of the table, and tells a topic of its beginning and its end', () => {
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    const all = Object.values(template.findResources(ALARM));

    expect(all).toHaveLength(alarmNames.length);
    for (const { Properties } of all)
      expect(Properties).toMatchObject({ AlarmActions: [{ Ref: topic }], OKActions: [{ Ref: topic }] });
  });

  it('has a reason for each threshold, and says for each alarm where to read about it', () => {
    for (const name of alarmNames) {
      expect(alarms[name].reason.length).toBeGreaterThan(30);
      template.hasResourceProperties(ALARM, {
        AlarmDescription: `${alarms[name].title}. docs/alarms.md#${name}`,
      });
    }
  });

  it('watches at most ten metrics with one alarm, which is the most that CloudWatch takes', () => {
    const counts = Object.values(
      templatesOf('prod that tells everything')[0]?.findResources(ALARM) ?? {},
    ).map(({ Properties }) => (Properties.Metrics ?? []).length - 1);

    expect(Math.max(...counts)).toBe(10);
  });

  it('encrypts the topic with its own key, which CloudWatch may use for this account', () => {
    const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^EncryptionKey'), 'Arn'] };

    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
            Resource: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ]),
      },
    });
  });

  it('lets only CloudWatch publish to the topic, and only over TLS', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: Match.anyValue(),
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });

  it('names the topic and the dashboard in its outputs', () => {
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['AlarmTopic', 'Dashboard']),
    );
  });

  it('has a graph for each alarm on its dashboard, and the state of each', () => {
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard);

    for (const name of alarmNames) expect(body).toContain(JSON.stringify(alarms[name].title).slice(1, -1));
    expect(body).toContain('horizontal');
  });

  it('reads the logs of all functions with its saved queries', () => {
    const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::QueryDefinition')))
      expect(Properties.LogGroupNames).toHaveLength(functions.length);
  });

  it('deletes all of that with the stack, because it has no data', () => {
    const kept = Object.values<{ Type: string; DeletionPolicy?: string }>(
      template.toJSON()['Resources'],
    ).filter(({ Type, DeletionPolicy }) => types.includes(Type) && DeletionPolicy !== undefined);

    expect(kept).toEqual([]);
  });
});

describe('a stage without alarms', () => {
  it.each(deploymentNames.filter((name) => deployments[name].alarms === 'none'))(
    '%s has nothing of them',
    (name) => {
      const [template] = templatesOf(name);
      expect(types.filter((type) => Object.keys(template?.findResources(type) ?? {}).length > 0)).toEqual([]);
    },
  );

  it('is one on a laptop, and one whose settings say so', () => {
    const laptop = shopStack({ 'fanfare-local': true });
    fanfareIn(laptop);
    const without = shopStack();
    fanfareIn(without, 'Realtime', { alarms: 'none' });

    for (const stack of [laptop, without]) templateIn(stack).resourceCountIs(ALARM, 0);
  });
});

describe('the alarms of a construct', () => {
  it('tell the addresses of its settings, begin where these say, and watch the costs of the account', () => {
    const stack = shopStack();
    fanfareIn(stack, 'Realtime', {
      alarms: {
        emails: ['ann@example.com', 'ops@example.com'],
        monthlyBudget: 50,
        thresholds: { unreached: 5_000 },
      },
    });
    const template = templateIn(stack);

    template.resourceCountIs('AWS::SNS::Subscription', 2);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ann@example.com',
    });
    template.hasResourceProperties(ALARM, {
      AlarmDescription: Match.stringLikeRegexp('#unreached$'),
      Threshold: 5_000,
    });
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 50, Unit: 'USD' } },
      NotificationsWithSubscribers: [
        {
          Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }),
          Subscribers: [
            { SubscriptionType: 'EMAIL', Address: 'ann@example.com' },
            { SubscriptionType: 'EMAIL', Address: 'ops@example.com' },
          ],
        },
        {
          Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }),
          Subscribers: Match.anyValue(),
        },
      ],
    });
    for (const find of Object.values(checks))
      expect(linesOf(find(readTemplate(template.toJSON())))).toEqual([]);
  });

  it('count the lines of functions that came with a group of events later', () => {
    const stack = shopStack();
    const fanfare = fanfareIn(stack);
    const handler = new Lambda(stack, 'Welcome', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = () => {};'),
    });
    fanfare.onLifecycle('channel occupied', new LambdaFunction(handler));
    const events = fanfare.functions.get('channel-events');

    templateIn(stack).hasResourceProperties(ALARM, {
      AlarmDescription: Match.stringLikeRegexp('#readers-behind$'),
      Metrics: Match.arrayWith([
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({
              Dimensions: [{ Name: 'FunctionName', Value: stack.resolve(events?.functionName) }],
            }),
          }),
        }),
      ]),
    });
  });

  it('watch a function that publishes changes of a table of the app', () => {
    const stack = shopStack();
    const table = new Table(stack, 'Orders', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      stream: StreamViewType.NEW_IMAGE,
    });
    const publisher = fanfareIn(stack).publishChanges(table, ANNOUNCE);
    const template = templateIn(stack);

    template.hasResourceProperties(ALARM, {
      AlarmDescription: Match.stringLikeRegexp('#readers-behind$'),
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: stack.resolve(publisher.functionName) }],
    });
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: stack.resolve(publisher.logGroup.logGroupName),
      MetricTransformations: [Match.objectLike({ MetricName: 'HandlersFailed' })],
    });
  });

  it('of two in one stack are counted apart', () => {
    const stack = shopStack();
    fanfareIn(stack, 'Chat');
    fanfareIn(stack, 'Games', { gatewayLogRole: 'existing' });
    const filters = Object.values(templateIn(stack).findResources('AWS::Logs::MetricFilter'));
    const namespaces = new Set(
      filters.map(({ Properties }) => Properties.MetricTransformations[0].MetricNamespace),
    );

    expect([...namespaces].toSorted()).toEqual(['Fanfare/Shop-Chat', 'Fanfare/Shop-Games']);
  });

  it.each([
    [{ monthlyBudget: 50 }, 'alarms.monthlyBudget needs 1 to 10 addresses'],
    [{ monthlyBudget: 0, emails: ['ann@example.com'] }, 'alarms.monthlyBudget is 0'],
    [{ emails: ['ann'] }, 'alarms.emails has "ann"'],
    [{ thresholds: { unreached: 0 } }, 'alarms.thresholds.unreached is 0'],
    [{ thresholds: JSON.parse('{ "unheard": 1 }') }, 'alarms.thresholds has unheard'],
  ])('are refused with the settings %j', (settings, sentence) => {
    const add = () => fanfareIn(new Stack(), 'Realtime', { alarms: settings });

    expect(add).toThrow(SettingError);
    expect(add).toThrow(sentence);
  });
});
