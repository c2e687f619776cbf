import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { mockReply } from '../../../packages/local/src/template/mock-integration.ts';
import { readResources } from '../../../packages/local/src/template/read-resources.ts';

/** The response template that is chosen, of an integration with these properties and these integration responses. */
function chosen(integration: object, ...responses: readonly object[]): string {
  const resources = readResources(
    parseTemplate({
      Resources: {
        Api: {
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
        },
        Ping: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: { ApiId: { Ref: 'Api' }, IntegrationType: 'MOCK', IntegrationUri: '', ...integration },
        },
        ...Object.fromEntries(
          responses.map((response, index) => [
            `Response${index}`,
            {
              Type: 'AWS::ApiGatewayV2::IntegrationResponse',
              Properties: { IntegrationId: { Ref: 'Ping' }, ...response },
            },
          ]),
        ),
      },
    }),
  );
  const [ping] = resources['AWS::ApiGatewayV2::Integration'];
  if (!ping) throw new Error('The template has no integration');
  return mockReply(ping, resources);
}

const answering = (status: number) => ({ RequestTemplates: { $default: `{"statusCode":${status}}` } });
const ofStatus = (key: string, text: string) => ({
  IntegrationResponseKey: key,
  ResponseTemplates: { $default: text },
});

describe('the reply of a MOCK integration', () => {
  it('is the one for the status that the request template makes (MK-2, IN-4)', () => {
    const responses = [
      ofStatus('/2\\d\\d/', 'fine'),
      ofStatus('/4\\d\\d/', 'wrong'),
      ofStatus('$default', 'else'),
    ];

    expect([200, 404, 500].map((status) => chosen(answering(status), ...responses))).toEqual([
      'fine',
      'wrong',
      'else',
    ]);
  });

  it('may be selected by the key 200 on both sides (MK-3)', () => {
    const integration = {
      RequestTemplates: { '200': '{"statusCode":200}' },
      TemplateSelectionExpression: '200',
    };
    const response = {
      IntegrationResponseKey: '/200/',
      TemplateSelectionExpression: '200',
      ResponseTemplates: { '200': 'pong' },
    };

    expect(chosen(integration, response)).toBe('pong');
  });

  it('may be selected by $default, written with a backslash (MK-3)', () => {
    const selection = { TemplateSelectionExpression: '\\$default' };

    expect(
      chosen({ ...answering(200), ...selection }, { ...ofStatus('$default', 'pong'), ...selection }),
    ).toBe('pong');
  });

  it('is the one for the status 200 if no request template names another', () => {
    expect(chosen({}, ofStatus('$default', 'pong'))).toBe('pong');
  });

  it('has to exist for its status', () => {
    expect(() => chosen(answering(500), ofStatus('/200/', 'pong'))).toThrow(
      'The MOCK integration Ping has no response template for the status 500.',
    );
  });
});
