import { describe, expect, it } from 'vitest';
import { stages } from '../../lib/settings/stage-settings.ts';
import { GatewayApi } from './gateway-api.ts';
import { deployedNames, stageNames, templateOf } from './template.ts';

const prod = templateOf('prod');
const api = new GatewayApi(prod, 'WEBSOCKET');

describe('the WebSocket API', () => {
  it('selects routes by the action of the message', () => {
    prod.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
  });

  it('has exactly the routes $connect, $disconnect, $default and ping', () => {
    expect(api.keys.toSorted()).toEqual(['$connect', '$default', '$disconnect', 'ping'].toSorted());
  });

  it('asks the authorizer about every handshake, with and without a token (AU-1, AU-3)', () => {
    const { id, Properties } = api.only('Authorizer');

    expect(Properties.AuthorizerType).toBe('REQUEST');
    expect(JSON.stringify(Properties.AuthorizerUri)).toMatch(/"authorizeFunction\w+","Arn"/);
    expect(Properties.IdentitySource ?? []).toEqual([]);
    prod.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: '$connect',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: id },
    });
  });

  it('replies only on $default and ping (PR-1, PR-3)', () => {
    const routes = api.parts('Route');
    const responses = Object.values(prod.findResources('AWS::ApiGatewayV2::RouteResponse'));
    const replying = new Set(responses.map(({ Properties }) => Properties.RouteId.Ref));

    const keys = routes.filter(({ id }) => replying.has(id)).map(({ Properties }) => Properties.RouteKey);
    expect(keys.toSorted()).toEqual(['$default', 'ping']);
    expect(
      routes.filter(({ Properties }) => Properties.RouteResponseSelectionExpression === '$default'),
    ).toHaveLength(2);
  });

  it('answers ping by a MOCK integration, without a function (MK-1 to MK-5)', () => {
    prod.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'MOCK',
      RequestTemplates: { $default: '{"statusCode":200}' },
      TemplateSelectionExpression: '\\$default',
    });
    prod.hasResourceProperties('AWS::ApiGatewayV2::IntegrationResponse', {
      IntegrationResponseKey: '$default',
      ResponseTemplates: { $default: '{"event":"pong"}' },
      TemplateSelectionExpression: '\\$default',
    });
  });

  it('deploys itself (CD-3), after all of its routes and responses (CD-9)', () => {
    const parts = (['Route', 'Integration', 'RouteResponse'] as const).flatMap((part) => api.parts(part));
    const answers = Object.keys(prod.findResources('AWS::ApiGatewayV2::IntegrationResponse'));
    const { Properties, DependsOn } = api.only('Stage');

    expect(Properties).toMatchObject({ StageName: 'prod', AutoDeploy: true });
    // The authorizer is missing here, because it comes before the route that names it.
    expect([...parts.map(({ id }) => id), ...answers].filter((id) => !DependsOn.includes(id))).toEqual([]);
  });

  it('logs access as chosen fields without tokens', () => {
    const [stage] = Object.values(prod.findResources('AWS::ApiGatewayV2::Stage'));
    const format: string = stage?.['Properties'].AccessLogSettings.Format;

    expect(JSON.parse(format)).toHaveProperty('requestId', '$context.requestId');
    expect(format).not.toMatch(/querystring|header|authorizer|body|path/i);
  });

  it('can write its logs, because the account role is set before the stage (LG-2)', () => {
    const [account] = Object.keys(prod.findResources('AWS::ApiGateway::Account'));

    expect(api.only('Stage').DependsOn).toContain(account);
  });
});

describe.each(stageNames)('throttles of %s', (name) => {
  const template = templateOf(name);
  const sockets = new GatewayApi(template, 'WEBSOCKET');
  const { DefaultRouteSettings, RouteSettings } = sockets.only('Stage').Properties;
  const http = new GatewayApi(template, 'HTTP').only('Stage').Properties;

  it('have rate and burst, never zero, for both APIs and for each route with its own (TH-3, CD-7)', () => {
    const routes: (typeof DefaultRouteSettings)[] = Object.values(RouteSettings);
    for (const settings of [DefaultRouteSettings, http.DefaultRouteSettings, ...routes]) {
      expect(settings).toEqual({
        ThrottlingRateLimit: expect.any(Number),
        ThrottlingBurstLimit: expect.any(Number),
      });
      expect(settings.ThrottlingRateLimit).toBeGreaterThan(0);
      expect(settings.ThrottlingBurstLimit).toBeGreaterThan(0);
    }
    expect(DefaultRouteSettings.ThrottlingRateLimit).toBe(stages[name].throttle.rateLimit);
    expect(http.DefaultRouteSettings.ThrottlingRateLimit).toBe(stages[name].apiThrottle.rateLimit);
  });

  it('are the same for every operation of servers', () => {
    expect(http.RouteSettings).toBeUndefined();
  });

  it('name the existing routes of handshakes, pings and commands', () => {
    expect(Object.keys(RouteSettings).toSorted()).toEqual(['$connect', '$default', 'ping']);
    expect(Object.keys(RouteSettings).filter((key) => !sockets.keys.includes(key))).toEqual([]);
  });
});

describe('throttles on AWS', () => {
  it.each(deployedNames)('of routes of %s add up to at most the share of the stage', (name) => {
    const { throttle, routeThrottles } = stages[name];

    expect(sumOf(Object.values(routeThrottles), ({ rateLimit }) => rateLimit)).toBeLessThanOrEqual(
      throttle.rateLimit,
    );
  });

  it('of all stages together fit the quotas of the newest regions: 2,500 requests a second, 1,250 at once (LM-1)', () => {
    const deployed = deployedNames.map((name) => stages[name]);
    const requests = sumOf(
      deployed,
      ({ throttle, apiThrottle, postsPerSecond }) =>
        throttle.rateLimit + apiThrottle.rateLimit + postsPerSecond,
    );
    const burst = sumOf(
      deployed,
      ({ throttle, apiThrottle }) => throttle.burstLimit + apiThrottle.burstLimit,
    );

    expect(deployed.length).toBeGreaterThan(1);
    expect(requests).toBeLessThanOrEqual(2_500);
    expect(burst).toBeLessThanOrEqual(1_250);
  });

  it('let no stage take all 500 handshakes of the account, not even for one second (3.1)', () => {
    const most = sumOf(
      deployedNames,
      (name) =>
        stages[name].routeThrottles.$connect.rateLimit + stages[name].routeThrottles.$connect.burstLimit,
    );

    expect(most).toBeLessThanOrEqual(500);
  });
});

function sumOf<Item>(items: readonly Item[], numberOf: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + numberOf(item), 0);
}
