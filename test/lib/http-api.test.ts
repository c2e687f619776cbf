import { Template } from 'aws-cdk-lib/assertions';
import { operationNames, operations } from 'fanfare-protocol/operations';
import { describe, expect, it } from 'vitest';
import { asNamed } from '../../lib/security/accepted-findings.ts';
import { stages } from '../../lib/settings/stage-settings.ts';
import { GatewayApi } from './gateway-api.ts';
import { grantedInvocations } from './invocations.ts';
import { stacksOf, templateOf } from './template.ts';

const prod = templateOf('prod');
const api = new GatewayApi(prod, 'HTTP');
const byIam = Template.fromStack(stacksOf({ ...stages.prod, apiAuthorization: 'iam' }).backend);
const apiByIam = new GatewayApi(byIam, 'HTTP');

const operationKeys = operationNames.map((name) => `${operations[name].method} ${operations[name].path}`);

/** The allowed fields of a log entry of the gateway: no text of a caller, and of an authorizer only its errors. */
const loggable = [
  '$context.authorizer.error',
  '$context.error.message',
  '$context.identity.sourceIp',
  '$context.integration.error',
  '$context.integration.status',
  '$context.integrationLatency',
  '$context.requestId',
  '$context.requestTimeEpoch',
  '$context.routeKey',
  '$context.status',
];

describe.each([
  { by: 'tokens', template: prod, of: api },
  { by: 'IAM', template: byIam, of: apiByIam },
])('the HTTP API, for servers with $by,', ({ template, of }) => {
  it('has exactly one route for each operation, and no other route', () => {
    expect(of.keys.toSorted()).toEqual(operationKeys.toSorted());
    expect(new Set(operationKeys).size).toBe(operationNames.length);
  });

  it('runs every operation in `api`, of events in format 2.0', () => {
    const { id, Properties } = of.only('Integration');

    expect(Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    expect(asNamed(Properties.IntegrationUri)).toMatch(/^<apiFunction[0-9A-F]{8}\.Arn>$/);
    for (const route of of.parts('Route'))
      expect(asNamed(route.Properties.Target)).toBe(`integrations/<${id}>`);
  });

  it('has one stage, which is not the default one and deploys itself', () => {
    expect(of.only('Stage').Properties).toMatchObject({ StageName: 'prod', AutoDeploy: true });
  });

  it('admits no page of a website, because it has no CORS', () => {
    const { Properties } = template.findResources('AWS::ApiGatewayV2::Api')[of.id] ?? {};

    expect(Properties).toEqual({ Name: 'fanfare-prod-http', ProtocolType: 'HTTP' });
  });

  it('logs access as chosen fields: no header, no query, no path, no body', () => {
    const fields = Object.values(JSON.parse(of.only('Stage').Properties.AccessLogSettings.Format));

    expect(fields.toSorted()).toEqual(loggable);
  });

  it('logs access to a log of its own, which is encrypted with the key of the stage', () => {
    const { DestinationArn } = of.only('Stage').Properties.AccessLogSettings;
    const [keyId] = Object.keys(template.findResources('AWS::KMS::Key'));
    const [logGroup] = DestinationArn['Fn::GetAtt'];

    expect(template.findResources('AWS::Logs::LogGroup')[logGroup]).toMatchObject({
      Properties: { KmsKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] }, RetentionInDays: 90 },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    const sockets = new GatewayApi(template, 'WEBSOCKET').only('Stage').Properties.AccessLogSettings;
    expect(sockets.DestinationArn).not.toEqual(DestinationArn);
  });
});

describe('the authorizer of servers', () => {
  const { id, Properties } = api.only('Authorizer');

  it('is asked about every request, in every stage', () => {
    expect(Object.values(stages).map(({ apiAuthorization }) => apiAuthorization)).toEqual(
      Object.keys(stages).map(() => 'token'),
    );
    for (const route of api.parts('Route')) {
      expect(route.Properties).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: id } });
    }
  });

  it('is `authorize-api`, which says yes or no', () => {
    expect(asNamed(Properties.AuthorizerUri)).toMatch(/<authorizeapiFunction[0-9A-F]{8}\.Arn>\/invocations$/);
    expect(Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
    });
  });

  it('reads the token only from the header Authorization, and is not asked about requests without one', () => {
    expect(Properties.IdentitySource).toEqual(['$request.header.Authorization']);
  });

  it('is asked each time and no result is cached, so that a revoked token is refused at once', () => {
    expect(Properties.AuthorizerResultTtlInSeconds).toBe(0);
  });
});

describe('with IAM instead of tokens', () => {
  it('every request has to be signed', () => {
    const routes = apiByIam.parts('Route');

    expect(routes).toHaveLength(api.parts('Route').length);
    expect(routes).not.toEqual([]);
    for (const { Properties } of routes) {
      expect(Properties.AuthorizationType).toBe('AWS_IAM');
      expect(Properties).not.toHaveProperty('AuthorizerId');
    }
  });

  it('no authorizer is left, and no principal that may invoke one', () => {
    const asks = (template: Template) =>
      grantedInvocations(template).filter((invocation) => invocation.startsWith('authorizeapi '));

    expect(apiByIam.parts('Authorizer')).toEqual([]);
    expect(asks(byIam)).toEqual([]);
    expect(asks(prod)).toHaveLength(1);
  });

  it('the authorizer decides about handshakes of clients as before', () => {
    expect(new GatewayApi(byIam, 'WEBSOCKET').only('Authorizer')).toEqual(
      new GatewayApi(prod, 'WEBSOCKET').only('Authorizer'),
    );
  });
});

describe('functions of the HTTP API', () => {
  it('may be invoked by the HTTP API of this stack, and by no other', () => {
    const own = `apigateway.amazonaws.com for arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api.id}>/`;
    const invocations = grantedInvocations(prod).filter((invocation) =>
      /^(authorize)?api by /.test(invocation),
    );
    const sources = invocations.map((invocation) => invocation.replace(/^\w+ by /, ''));

    expect(sources).toHaveLength(operationNames.length + 1);
    expect(sources.filter((source) => !source.startsWith(own))).toEqual([]);
  });
});
