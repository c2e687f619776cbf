/** What a route of a WebSocket API does with an event: a function of the template, or a reply that is always the same. */

import { StartError } from '../start-error.ts';
import { invokedBy } from './function-arn.ts';
import type { Resource, Resources } from './template.ts';

/** What a route does with an event. */
export type IntegrationModel =
  | { readonly kind: 'function'; readonly functionName: string; readonly timeoutMs: number }
  | { readonly kind: 'mock'; readonly reply: string };

/** What a route waits for its integration, unless the template says otherwise (IN-1). */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** @throws StartError that names an integration which the runtime cannot serve. */
export function integrationModel(
  integration: Resource<'AWS::ApiGatewayV2::Integration'>,
  resources: Resources,
): IntegrationModel {
  if (integration.IntegrationType === 'MOCK') {
    const responses = resources['AWS::ApiGatewayV2::IntegrationResponse'];
    const response = responses.find(({ IntegrationId }) => IntegrationId === integration.logicalId);
    return {
      kind: 'mock',
      reply: staticTemplate(response?.ResponseTemplates?.['$default'], integration.logicalId),
    };
  }
  const functionName = invokedBy(integration.IntegrationUri ?? '', resources);
  if (functionName === undefined)
    throw new StartError(`The integration ${integration.logicalId} invokes no function of the template.`);
  return { kind: 'function', functionName, timeoutMs: integration.TimeoutInMillis ?? INTEGRATION_TIMEOUT_MS };
}

/** A MOCK reply without variables; mapping templates that compute something are not served yet. */
function staticTemplate(template: string | undefined, logicalId: string): string {
  if (template === undefined)
    throw new StartError(`The MOCK integration ${logicalId} has no $default response template.`);
  if (/[$#]/.test(template))
    throw new StartError(
      `The response template of ${logicalId} uses variables, which the local runtime does not know.`,
    );
  return template;
}
