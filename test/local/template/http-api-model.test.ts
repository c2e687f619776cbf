import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { type HttpRouteFixture, httpTemplate } from '../../fixtures/http-template.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';

/** The first of both kinds. */
function read(template: unknown) {
  const { webSocketApis, httpApis } = readAppModel(parseTemplate(template));
  return { webSocketApi: webSocketApis[0], httpApi: httpApis[0] };
}

const withRoute = (route: Partial<HttpRouteFixture> = {}, more: object = {}) =>
  httpTemplate({ routes: { 'GET /a': { code: 'a', ...route } } }, more);

/** The template with other properties of one of its resources. */
function changed(template: unknown, logicalId: string, properties: object) {
  const { Resources } = parseTemplate(template);
  const resource = Resources[logicalId];
  const Properties = Object.assign({}, resource?.Properties, properties);
  return { Resources: { ...Resources, [logicalId]: { ...resource, Properties } } };
}

const stage = { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: 'HttpApi', StageName: 'other' } };

describe('the HTTP API of a template', () => {
  it('is read apart from the WebSocket API', () => {
    const model = read(withRoute({ integrationTimeoutMs: 500 }));

    expect(model.httpApi).toEqual({
      apiId: 'HttpApi',
      stageName: 'test',
      routes: [
        {
          key: { text: 'GET /a', pattern: { method: 'GET', segments: [{ kind: 'literal', text: 'a' }] } },
          authorization: { kind: 'none' },
          functionName: 'Http0Function',
          timeoutMs: 500,
        },
      ],
    });
    expect(model.webSocketApi).toMatchObject({ apiId: 'Api', stageName: 'test', routes: new Map() });
  });

  it('is undefined for a template without an HTTP API', () => {
    expect(read(webSocketTemplate({})).httpApi).toBeUndefined();
  });

  it('waits 30 seconds for a function by default', () => {
    expect(read(withRoute()).httpApi?.routes[0]?.timeoutMs).toBe(30_000);
  });

  it('may name its functions by the URI of their invocation', () => {
    const uri = { 'Fn::Join': ['', ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/']] };
    const arn = { 'Fn::GetAtt': ['Http0Function', 'Arn'] };
    const IntegrationUri = { 'Fn::Join': ['', [uri, arn, '/invocations']] };
    const { httpApi } = read(changed(withRoute(), 'Http0Integration', { IntegrationUri }));

    expect(httpApi?.routes[0]?.functionName).toBe('Http0Function');
  });

  it('has the variables of its stage and the CORS settings', () => {
    const template = httpTemplate({ routes: {}, cors: { AllowOrigins: ['*'] } });
    const { httpApi } = read(changed(template, 'HttpStage', { StageVariables: { size: 'big' } }));

    expect([httpApi?.stageVariables, httpApi?.cors]).toEqual([
      { size: 'big' },
      {
        AllowOrigins: ['*'],
        AllowCredentials: false,
        AllowHeaders: [],
        AllowMethods: [],
        ExposeHeaders: [],
      },
    ]);
  });

  it.each([
    ['AWS_IAM', withRoute({ authorizationType: 'AWS_IAM' }), { kind: 'iam' }],
    [
      'an authorizer',
      withRoute({
        authorizer: { code: 'b', identitySource: ['$request.header.X-A', '$request.querystring.b.c'] },
      }),
      {
        kind: 'function',
        functionName: 'Http0AuthorizerFunction',
        identitySources: [
          { place: 'header', name: 'X-A' },
          { place: 'querystring', name: 'b.c' },
        ],
      },
    ],
    [
      'an authorizer that wants to be shown nothing',
      withRoute({ authorizer: { code: 'b' } }),
      { kind: 'function', functionName: 'Http0AuthorizerFunction', identitySources: [] },
    ],
  ])('may have a route with %s', (_what, template, authorization) => {
    expect(read(template).httpApi?.routes[0]?.authorization).toEqual(authorization);
  });

  const authorized = withRoute({ authorizer: { code: 'b' } });

  it.each([
    [
      'two stages',
      withRoute({}, { Stage2: stage }),
      'The local runtime serves exactly one stage of HttpApi; the template has 2.',
    ],
    [
      'a part of an API that does not exist',
      changed(withRoute(), 'Http0', { ApiId: 'Gone' }),
      'Http0 belongs to Gone, which is no API of the template.',
    ],
    [
      'a route without an integration',
      changed(withRoute(), 'Http0', { Target: 'integrations/Gone' }),
      'The route GET /a has no integration.',
    ],
    [
      'payload format 1.0',
      changed(withRoute(), 'Http0Integration', { PayloadFormatVersion: '1.0' }),
      'The local runtime serves the PayloadFormatVersion 2.0, and not that of Http0Integration.',
    ],
    [
      'no payload format',
      changed(withRoute(), 'Http0Integration', { PayloadFormatVersion: undefined }),
      'The local runtime serves the PayloadFormatVersion 2.0, and not that of Http0Integration.',
    ],
    [
      'parameters that are mapped',
      changed(withRoute(), 'Http0Integration', { RequestParameters: { 'append:header.a': 'b' } }),
      'The local runtime does not map the parameters of Http0Integration.',
    ],
    [
      'an integration with MOCK',
      changed(withRoute(), 'Http0Integration', { IntegrationType: 'MOCK' }),
      'The local runtime does not know the type MOCK of Http0Integration.',
    ],
    [
      'a function that is elsewhere',
      changed(withRoute(), 'Http0Integration', {
        IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:Elsewhere',
      }),
      'The integration Http0Integration invokes no function of the template.',
    ],
    [
      'an authorizer that would never be asked',
      changed(authorized, 'Http0', { AuthorizationType: 'AWS_IAM' }),
      'The route GET /a has an authorizer, and the authorization AWS_IAM.',
    ],
    [
      'a route that names no authorizer',
      changed(authorized, 'Http0', { AuthorizerId: undefined }),
      'The route GET /a has no authorizer, and the authorization CUSTOM.',
    ],
    [
      'an authorizer that returns policies',
      changed(authorized, 'Http0Authorizer', { EnableSimpleResponses: false }),
      'The local runtime serves authorizers with AuthorizerPayloadFormatVersion 2.0 and EnableSimpleResponses, unlike Http0Authorizer.',
    ],
    [
      'an authorizer that is asked in another format',
      changed(authorized, 'Http0Authorizer', { AuthorizerPayloadFormatVersion: '1.0' }),
      'The local runtime serves authorizers with AuthorizerPayloadFormatVersion 2.0 and EnableSimpleResponses, unlike Http0Authorizer.',
    ],
    [
      'an authorizer whose function is elsewhere',
      changed(authorized, 'Http0Authorizer', { AuthorizerUri: 'arn' }),
      'The authorizer Http0Authorizer invokes no function of the template.',
    ],
    [
      'an identity source that is neither header nor parameter',
      changed(authorized, 'Http0Authorizer', { IdentitySource: ['$context.routeKey'] }),
      'The local runtime does not know the identity source $context.routeKey of Http0Authorizer.',
    ],
    [
      'an authorizer for JWTs',
      changed(authorized, 'Http0Authorizer', { AuthorizerType: 'JWT' }),
      'The local runtime cannot serve Http0Authorizer (AWS::ApiGatewayV2::Authorizer): AuthorizerType Invalid type: Expected "REQUEST" but received "JWT".',
    ],
  ])('refuses %s', (_what, template, sentence) => {
    expect(() => read(template)).toThrow(new StartError(sentence));
  });
});
