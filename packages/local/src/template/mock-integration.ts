/** Selects the response template of a MOCK integration. The selection does not depend on a message (IN-2 to IN-5). */

import { misunderstood } from '../languages/mapping-template.ts';
import { StartError } from '../start-error.ts';
import type { Resource, Resources } from './resources.ts';

type Integration = Resource<'AWS::ApiGatewayV2::Integration'>;
type IntegrationResponse = Resource<'AWS::ApiGatewayV2::IntegrationResponse'>;

/** The key for every status, and for every selected template. */
const ANY = '$default';

/**
 * The response template, as text with variables.
 *
 * @throws StartError that names an integration which has none, or one that the runtime cannot render.
 */
export function mockReply(integration: Integration, resources: Resources): string {
  const { logicalId } = integration;
  const status = mockStatus(integration);
  const responses = resources['AWS::ApiGatewayV2::IntegrationResponse'].filter(
    ({ IntegrationId }) => IntegrationId === logicalId,
  );
  const response = responses.find((one) => isFor(one, status)) ?? responses.find((one) => isFor(one, ANY));
  const template = response && selected(response.ResponseTemplates, response.TemplateSelectionExpression);
  if (template === undefined)
    throw new StartError(
      `The MOCK integration ${logicalId} has no response template for the status ${status}.`,
    );
  const unknown = misunderstood(template);
  if (unknown === undefined) return template;
  throw new StartError(
    `The response template of ${logicalId} has ${JSON.stringify(unknown)}, which the local runtime does not know.`,
  );
}

/** The status in the request template (MK-2). 200 if there is no template. */
function mockStatus({ RequestTemplates, TemplateSelectionExpression }: Integration): string {
  const request = selected(RequestTemplates, TemplateSelectionExpression) ?? '';
  return /"?statusCode"?\s*:\s*"?(?<status>\d{3})/.exec(request)?.groups?.['status'] ?? '200';
}

/** A key is `$default`, or a pattern between slashes (IN-4). */
function isFor({ IntegrationResponseKey: key }: IntegrationResponse, status: string): boolean {
  if (key === ANY || status === ANY) return key === status;
  const pattern = /^\/(?<source>.*)\/$/.exec(key)?.groups?.['source'];
  return pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(status);
}

/** The template that the expression names, or the default one. In the expression, `\$` is a dollar (RT-3). */
function selected(templates: Readonly<Record<string, string>> = {}, expression = ANY): string | undefined {
  return templates[expression.replaceAll('\\$', '$')] ?? templates[ANY];
}
