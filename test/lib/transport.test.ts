import { describe, expect, it } from 'vitest';
import { deploymentNames, templatesOf } from './template.ts';

const [withFallbacks] = templatesOf('prod with fallbacks');
if (!withFallbacks) throw new Error('A stage has a stack');
const onAws = deploymentNames.filter((name) => name !== 'local');

/**
 * The types of all resources of a backend. Resources to which clients connect speak TLS by themselves: the gateway only 1.2 and
 * 1.3, by a fixed policy (EP-5). The topic of alarms refuses plain HTTP by its policy. The others are called over HTTPS or never. A new type fails this test, so that its author thinks
 * about it.
 */
const resourceTypes = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::IntegrationResponse',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::RouteResponse',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::Secret',
];

describe('on the way, everything is encrypted:', () => {
  it.each(onAws)('every URL of %s is wss:// or https://', (name) => {
    const text = JSON.stringify(templatesOf(name).map((template) => template.toJSON()));
    const schemes = new Set([...text.matchAll(/\b([a-z]+):\/\//g)].map(([, scheme]) => scheme));

    expect([...schemes].toSorted()).toEqual(['https', 'wss']);
  });

  it('the outputs tell clients wss:// and https://, and servers https://', () => {
    const { WebSocketUrl, ApiUrl, ManagementUrl, FallbackUrl } = withFallbacks.findOutputs('*');

    expect(JSON.stringify(WebSocketUrl?.['Value'])).toMatch(/"wss:\/\/".*\/prod"/);
    // AWS gives a function URL no other scheme (https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html).
    expect(JSON.stringify(FallbackUrl?.['Value'])).toMatch(
      /^\{"Fn::GetAtt":\["fallback\w+","FunctionUrl"\]\}$/,
    );
    expect(JSON.stringify(ApiUrl?.['Value'])).toMatch(/"https:\/\/".*\/prod"/);
    expect(JSON.stringify(ManagementUrl?.['Value'])).toMatch(/"https:\/\/".*\/prod"/);
  });

  it('only the known resources of a backend listen', () => {
    const { Resources } = withFallbacks.toJSON();
    const types = Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);

    expect([...new Set(types)].toSorted()).toEqual(resourceTypes);
  });

  it.each(onAws)('tables of %s refuse requests over plain HTTP, which DynamoDB would answer', (name) => {
    const [backend] = templatesOf(name);
    const tables = Object.values(backend?.findResources('AWS::DynamoDB::GlobalTable') ?? {});

    expect(tables.length).toBeGreaterThan(0);
    for (const { Properties } of tables) {
      expect(Properties.Replicas[0].ResourcePolicy.PolicyDocument.Statement).toEqual([
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'dynamodb:*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]);
    }
  });
});
