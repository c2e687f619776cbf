import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';

const read = (template: unknown) => readAppModel(parseTemplate(template)).webSocketApis[0]?.authorizer;

const behind = (identitySource?: readonly string[]) =>
  webSocketTemplate({
    $connect: {
      code: 'connect',
      authorizer: { code: 'authorize', ...(identitySource && { identitySource }) },
    },
  });

/** A MOCK route with this authorization, and further resources of the template. */
function withRoute(key: string, authorization: object, more: object = {}) {
  const { Resources } = webSocketTemplate({ other: { mock: 'hello' } });
  const route = { ApiId: { Ref: 'Api' }, RouteKey: key, Target: 'integrations/Route0Integration' };
  const Route = { Type: 'AWS::ApiGatewayV2::Route', Properties: { ...route, ...authorization } };
  return { Resources: { ...Resources, Route, ...more } };
}

const authorizer = (properties: object = {}) => ({
  Authorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: { ApiId: 'Api', AuthorizerType: 'REQUEST', AuthorizerUri: 'uri', ...properties },
  },
});

const custom = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } };

describe('the authorizer of a template', () => {
  it('is a function with its identity sources (AU-3)', () => {
    const identitySource = ['route.request.header.X-Token', 'route.request.querystring.access.token'];

    expect(read(behind(identitySource))).toEqual({
      functionName: 'Route0AuthorizerFunction',
      identitySources: [
        { place: 'header', name: 'X-Token' },
        { place: 'querystring', name: 'access.token' },
      ],
    });
  });

  it.each([[undefined], [[]]])('may have no identity source, as %j', (identitySource) => {
    expect(read(behind(identitySource))).toMatchObject({ identitySources: [] });
  });

  it('is missing if no route names it', () => {
    expect(read(webSocketTemplate({ $connect: { code: 'connect' } }))).toBeUndefined();
  });

  it('is missing if the route says so', () => {
    expect(read(withRoute('$connect', { AuthorizationType: 'NONE' }, authorizer()))).toBeUndefined();
  });

  it.each([
    [
      'an authorizer on another route (AU-1)',
      withRoute('say', custom, authorizer()),
      'The route say has an authorizer, which only $connect can have.',
    ],
    [
      'an authorizer that would never be asked',
      withRoute('$connect', { AuthorizerId: { Ref: 'Authorizer' } }, authorizer()),
      'The route $connect has an authorizer, and the authorization NONE.',
    ],
    [
      'a route that names no authorizer',
      withRoute('$connect', { AuthorizationType: 'CUSTOM' }, authorizer()),
      'The route $connect has no authorizer, and the authorization CUSTOM.',
    ],
    [
      'a route whose authorizer is something else',
      withRoute('$connect', { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Api' } }, authorizer()),
      'The route $connect has no authorizer, and the authorization CUSTOM.',
    ],
    [
      'an authorizer that invokes no function of the template',
      withRoute('$connect', custom, authorizer()),
      'The authorizer Authorizer invokes no function of the template.',
    ],
    [
      'an identity source that is neither header nor parameter (AU-3)',
      behind(['stageVariables.token']),
      'The local runtime does not know the identity source stageVariables.token of Route0Authorizer.',
    ],
    [
      'an authorizer of another type (AU-2)',
      withRoute('$connect', custom, authorizer({ AuthorizerType: 'JWT' })),
      'The local runtime cannot serve Authorizer (AWS::ApiGatewayV2::Authorizer): AuthorizerType Invalid type: Expected "REQUEST" but received "JWT".',
    ],
  ])('refuses %s', (_what, template, sentence) => {
    expect(() => read(template)).toThrow(new StartError(sentence));
  });
});
