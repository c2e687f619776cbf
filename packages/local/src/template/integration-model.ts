/** The integration of a route of a WebSocket API: a function of the template, or a reply made from a text. */

import { StartError } from '../start-error.ts';
import { invokedBy } from './function-arn.ts';
import { mockReply } from './mock-integration.ts';
import type { Resource, Resources } from './resources.ts';

/** The way in which a route handles an event. */
export type IntegrationModel =
  | { readonly kind: 'function'; readonly functionName: string; readonly timeoutMs: number }
  /** `reply` may have variables (`languages/mapping-template.ts`). */
  | { readonly kind: 'mock'; readonly reply: string };

/** The default time that a route waits for its integration (IN-1). Milliseconds. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** @throws StartError that names an integration which the runtime cannot serve. */
export function integrationModel(
  integration: Resource<'AWS::ApiGatewayV2::Integration'>,
  resources: Resources,
): IntegrationModel {
  if (integration.IntegrationType === 'MOCK')
    return { kind: 'mock', reply: mockReply(integration, resources) };
  const functionName = invokedBy(integration.IntegrationUri ?? '', resources);
  if (functionName === undefined)
    throw new StartError(`The integration ${integration.logicalId} invokes no function of the template.`);
  return { kind: 'function', functionName, timeoutMs: integration.TimeoutInMillis ?? INTEGRATION_TIMEOUT_MS };
}
