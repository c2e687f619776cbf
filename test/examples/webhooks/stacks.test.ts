import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { ApiDestinationStack } from '../../../examples/webhooks/api-destination-stack.ts';
import { type WebhookProps, WebhookStack } from '../../../examples/webhooks/webhook-stack.ts';

const props: WebhookProps = {
  stage: 'prod',
  url: 'https://example.com/hook',
  events: ['channel occupied', 'channel vacated'],
};

/** Without bundling the function. */
const newApp = () => new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });

describe.each<[string, () => Stack]>([
  ['the signed webhooks', () => new WebhookStack(newApp(), 'Webhooks', props)],
  ['the API destination', () => new ApiDestinationStack(newApp(), 'Destination', props)],
])('%s', (_name, make) => {
  const stack = make();
  const template = Template.fromStack(stack);

  it('get the wanted events of the one stage', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['fanfare.prod'], 'detail-type': ['channel occupied', 'channel vacated'] },
    });
  });

  it('keep undelivered events for two weeks', () => {
    template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 });
    const rules = Object.values(template.findResources('AWS::Events::Rule'));
    const targets = rules.flatMap(({ Properties }) => Properties.Targets);

    expect(targets.map(({ DeadLetterConfig }) => DeadLetterConfig.Arn)).toEqual([expect.anything()]);
  });

  it('have a secret that AWS generates and the template does not contain', () => {
    const secrets = Object.values(template.findResources('AWS::SecretsManager::Secret'));

    expect(secrets.map(({ Properties }) => Properties)).toEqual([
      {
        Description: expect.any(String),
        GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
      },
    ]);
  });

  it('have only accepted findings of the AWS Solutions pack', () => {
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });

  it('have encrypted queues that take nothing over plain HTTP', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    const queues = Object.keys(template.findResources('AWS::SQS::Queue')).length;
    const policies = JSON.stringify(template.findResources('AWS::SQS::QueuePolicy'));
    expect(policies.match(/"aws:SecureTransport":"false"/g)).toHaveLength(queues);
  });
});

describe('the signed webhooks', () => {
  const stack = new WebhookStack(newApp(), 'Webhooks', props);
  const template = Template.fromStack(stack);

  it('are tried every five minutes for a day', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 300,
      RedrivePolicy: { maxReceiveCount: 288 },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('may read the one secret and the one queue, and write the one log', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const resources = policies.flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.map(({ Resource }: { Resource: unknown }) => Resource),
    );

    expect(resources).toHaveLength(3);
    expect(JSON.stringify(resources)).not.toContain('*');
    expect(Object.values(template.findResources('AWS::IAM::Role'))).toHaveLength(1);
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('ManagedPolicyArns');
  });

  it('go over https', () => {
    const plain = { ...props, url: 'http://example.com/hook' };

    expect(() => new WebhookStack(newApp(), 'Webhooks', plain)).toThrow('A webhook goes over https.');
  });
});

describe('the API destination', () => {
  const template = Template.fromStack(new ApiDestinationStack(newApp(), 'Destination', props));

  it('is tried for a day', () => {
    const [rule] = Object.values(template.findResources('AWS::Events::Rule'));

    expect(rule?.['Properties'].Targets[0].RetryPolicy).toEqual({
      MaximumEventAgeInSeconds: 86_400,
      MaximumRetryAttempts: 185,
    });
  });

  it('sends its key in a header, and takes it from the secret', () => {
    template.hasResourceProperties('AWS::Events::Connection', {
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Api-Key' } },
    });
    expect(JSON.stringify(template.findResources('AWS::Events::Connection'))).toContain(
      '{{resolve:secretsmanager:',
    );
  });
});
