/** `ping` is answered by the gateway itself: a MOCK integration, so a heartbeat runs no Lambda (MK-1 to MK-6). */

import {
  CfnIntegrationResponse,
  type WebSocketApi,
  WebSocketIntegration,
  type WebSocketRoute,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { acceptFinding } from '../security/accepted-findings.ts';

/** A static expression that selects the template key `$default` (MK-3). */
const DEFAULT_TEMPLATE = '\\$default';
const INTEGRATION = 'Mock';

export function addPingRoute(api: WebSocketApi): WebSocketRoute {
  const route = api.addRoute('ping', {
    integration: new WebSocketMockIntegration(INTEGRATION, {
      requestTemplates: { $default: '{"statusCode":200}' },
      templateSelectionExpression: DEFAULT_TEMPLATE,
    }),
    returnResponse: true,
  });
  const integration = route.node.findChild(INTEGRATION);
  if (!(integration instanceof WebSocketIntegration)) throw new Error('The ping route has no integration');

  // The CDK has no L2 for integration responses (CD-4).
  new CfnIntegrationResponse(integration, 'Pong', {
    apiId: api.apiId,
    integrationId: integration.integrationId,
    integrationResponseKey: '$default',
    templateSelectionExpression: DEFAULT_TEMPLATE,
    responseTemplates: { $default: '{"event":"pong"}' },
  });
  acceptFinding(
    route,
    'APIG4',
    'Authorization exists on $connect only (AU-1), and what this route answers is the same for everybody: a constant.',
  );
  return route;
}
