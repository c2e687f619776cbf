import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { defaultEventInvokeConfig } from '../../../packages/local/src/template/event-invoke-config.ts';
import {
  type MockRouteFixture,
  type RouteFixture,
  webSocketTemplate,
} from '../../fixtures/web-socket-template.ts';
import { functionResource } from '../serve-functions.ts';

const read = (routes: Readonly<Record<string, RouteFixture | MockRouteFixture>>, more: object = {}) =>
  readAppModel(parseTemplate(webSocketTemplate(routes, more)));

/** Of the only WebSocket API. */
const routesOf = (...fixture: Parameters<typeof read>) =>
  read(...fixture).webSocketApis[0]?.routes ?? new Map();

const api = {
  Type: 'AWS::ApiGatewayV2::Api',
  Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: 'action' },
};

describe('readAppModel', () => {
  it('reads the API, its stage and its selection expression', () => {
    expect(read({})).toEqual({
      webSocketApis: [
        {
          apiId: 'Api',
          stageName: 'test',
          routeSelectionExpression: '$request.body.action',
          authorizer: undefined,
          throttles: { everyRoute: undefined, byRoute: new Map() },
          routes: new Map(),
        },
      ],
      httpApis: [],
      functionUrls: [],
      functions: [],
      inlineSources: new Map(),
      tables: [],
      eventSources: [],
      eventBuses: { buses: ['default'], rules: [], notes: [] },
      secrets: [],
      outputs: {},
    });
  });

  it('reads each route with the function and the timeout of its integration', () => {
    const routes = routesOf({
      $connect: { code: 'connect' },
      say: { code: 'say', integrationTimeoutMs: 500 },
    });

    expect([...routes]).toEqual([
      [
        '$connect',
        {
          integration: { kind: 'function', functionName: 'Route0Function', timeoutMs: 29_000 },
          replies: false,
        },
      ],
      [
        'say',
        { integration: { kind: 'function', functionName: 'Route1Function', timeoutMs: 500 }, replies: false },
      ],
    ]);
  });

  it('lets a route reply only if it has a route response (PR-3)', () => {
    const routes = routesOf({ ask: { code: 'ask', replies: true }, tell: { code: 'tell' } });

    expect([routes.get('ask')?.replies, routes.get('tell')?.replies]).toEqual([true, false]);
  });

  it('reads each function with its code, its limits and its variables', () => {
    const variables = { MANAGEMENT_ENDPOINT: 'https://Api.execute-api.us-east-1.amazonaws.com/test' };

    expect(read({ say: { code: 'asset', functionTimeoutSeconds: 7 } }).functions).toEqual([
      {
        name: 'Route0Function',
        s3Key: 'asset',
        handler: 'index.handler',
        runtime: 'nodejs22.x',
        memoryMb: 128,
        timeoutMs: 7000,
        architecture: 'x86_64',
        variables,
        eventInvokeConfig: defaultEventInvokeConfig,
        streams: false,
      },
    ]);
  });

  it('finds a function by the name that the template gives it in every reference', () => {
    const worker = functionResource('worker');
    const own = { ...worker, Properties: { ...worker.Properties, FunctionName: 'my-worker' } };
    const config = {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnSuccess: { Destination: { 'Fn::GetAtt': ['Worker', 'Arn'] } } },
      },
    };

    const { functions } = read({}, { Worker: own, Config: config });

    expect(functions).toMatchObject([
      { name: 'my-worker', eventInvokeConfig: { maximumRetryAttempts: 0, onSuccess: 'my-worker' } },
    ]);
  });

  it('reads a function to which no route leads', () => {
    const { functions } = read({}, { Work: functionResource('asset') });

    expect(functions).toMatchObject([{ name: 'Work', s3Key: 'asset' }]);
  });

  it('reads each table under the name by which it is referred to', () => {
    const keys = {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    };

    const { tables } = read({}, { Items: { Type: 'AWS::DynamoDB::GlobalTable', Properties: keys } });

    expect(tables).toMatchObject([{ name: 'Items', ...keys }]);
  });

  it('reads the reply of a MOCK integration (MK-1)', () => {
    const routes = routesOf({ ping: { mock: '{"type":"pong"}' } });

    expect([...routes]).toEqual([
      ['ping', { integration: { kind: 'mock', reply: '{"type":"pong"}' }, replies: true }],
    ]);
  });

  it('reads several APIs, each with its own stage and routes', () => {
    const stage = { ApiId: { Ref: 'Api2' }, StageName: 'other' };
    const { webSocketApis } = read(
      { say: { mock: 'hello' } },
      { Api2: api, Stage2: { Type: 'AWS::ApiGatewayV2::Stage', Properties: stage } },
    );

    expect(
      webSocketApis.map(({ apiId, stageName, routes }) => [apiId, stageName, [...routes.keys()]]),
    ).toEqual([
      ['Api', 'test', ['say']],
      ['Api2', 'other', []],
    ]);
  });

  it('reads a template without an API', () => {
    expect(readAppModel(parseTemplate({ Resources: {} }))).toMatchObject({ webSocketApis: [], httpApis: [] });
  });

  it('refuses an API without a stage', () => {
    expect(() => readAppModel(parseTemplate({ Resources: { Api: api } }))).toThrow(
      new StartError('The local runtime serves exactly one stage of Api; the template has 0.'),
    );
  });

  it.each(['$util.escapeJavaScript(1)', '#set($x = 1)'])(
    'refuses a MOCK reply that computes a value: %s',
    (template) => {
      expect(() => read({ ping: { mock: template } })).toThrow(
        new StartError(
          `The response template of Route0Integration has "${template}", which the local runtime does not know.`,
        ),
      );
    },
  );

  it('refuses a route key that begins with $ and does not belong to the platform (RT-7)', () => {
    expect(() => read({ $say: { mock: 'said' } })).toThrow(
      new StartError('The route key $say begins with $, as only those of the platform do.'),
    );
  });

  it('refuses a MOCK integration without a reply', () => {
    const mock = { ApiId: { Ref: 'Api' }, IntegrationType: 'MOCK' };

    expect(() => read({}, { Mock: { Type: 'AWS::ApiGatewayV2::Integration', Properties: mock } })).toThrow(
      new StartError('The MOCK integration Mock has no response template for the status 200.'),
    );
  });

  it('refuses a route without an integration', () => {
    const route = { ApiId: { Ref: 'Api' }, RouteKey: 'say', Target: 'integrations/Gone' };

    expect(() => read({}, { Say: { Type: 'AWS::ApiGatewayV2::Route', Properties: route } })).toThrow(
      new StartError('The route say has no integration.'),
    );
  });

  it.each([undefined, 'arn:aws:apigateway:us-east-1:sqs:path/000000000000/queue'])(
    'refuses an integration that invokes no function: %s',
    (uri) => {
      const integration = { ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: uri };

      expect(() =>
        read({}, { Proxy: { Type: 'AWS::ApiGatewayV2::Integration', Properties: integration } }),
      ).toThrow(new StartError('The integration Proxy invokes no function of the template.'));
    },
  );

  it('refuses an integration that invokes a function which is not in the template', () => {
    const elsewhere = 'arn:aws:lambda:us-east-1:000000000000:function:Elsewhere';
    const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${elsewhere}/invocations`;
    const integration = { ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: uri };

    expect(() =>
      read({}, { Proxy: { Type: 'AWS::ApiGatewayV2::Integration', Properties: integration } }),
    ).toThrow(new StartError('The integration Proxy invokes no function of the template.'));
  });

  it('refuses a route with the authorization AWS_IAM, which it would not check (AU-2)', () => {
    const route = {
      ApiId: { Ref: 'Api' },
      RouteKey: 'say',
      Target: 'integrations/Any',
      AuthorizationType: 'AWS_IAM',
    };

    expect(() => read({}, { Say: { Type: 'AWS::ApiGatewayV2::Route', Properties: route } })).toThrow(
      /cannot serve Say \(AWS::ApiGatewayV2::Route\): AuthorizationType /,
    );
  });
});
