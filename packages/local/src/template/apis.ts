/** Assigns stages, routes, authorizers and integrations of a template to their APIs. */

import { StartError } from '../start-error.ts';
import type { Resource, Resources } from './resources.ts';

export type Api = Resource<'AWS::ApiGatewayV2::Api'>;
export type Authorizer = Resource<'AWS::ApiGatewayV2::Authorizer'>;
export type Integration = Resource<'AWS::ApiGatewayV2::Integration'>;

/** The resources of one API, with the authorizers and integrations of its routes by logical id. */
export interface ApiParts extends Resources {
  readonly authorizers: ReadonlyMap<string | undefined, Authorizer>;
  readonly integrations: ReadonlyMap<string, Integration>;
}

/** @throws StartError that names a resource which belongs to no API of the template. */
export function apisOf(resources: Resources, protocol: Api['ProtocolType']): readonly Api[] {
  const apis = resources['AWS::ApiGatewayV2::Api'];
  const ids = new Set(apis.map(({ logicalId }) => logicalId));
  const stray = [
    ...resources['AWS::ApiGatewayV2::Stage'],
    ...resources['AWS::ApiGatewayV2::Route'],
    ...resources['AWS::ApiGatewayV2::Authorizer'],
    ...resources['AWS::ApiGatewayV2::Integration'],
  ].find(({ ApiId }) => !ids.has(ApiId));
  if (stray && ids.size > 0)
    throw new StartError(`${stray.logicalId} belongs to ${stray.ApiId}, which is no API of the template.`);
  return apis.filter(({ ProtocolType }) => ProtocolType === protocol);
}

export function partsOf(resources: Resources, { logicalId }: Api): ApiParts {
  const own = <Part extends { readonly ApiId: string }>(parts: readonly Part[]) =>
    parts.filter(({ ApiId }) => ApiId === logicalId);
  const authorizers = own(resources['AWS::ApiGatewayV2::Authorizer']);
  const integrations = own(resources['AWS::ApiGatewayV2::Integration']);
  return {
    ...resources,
    authorizers: new Map(authorizers.map((each) => [each.logicalId, each])),
    integrations: new Map(integrations.map((each) => [each.logicalId, each])),
    'AWS::ApiGatewayV2::Stage': own(resources['AWS::ApiGatewayV2::Stage']),
    'AWS::ApiGatewayV2::Route': own(resources['AWS::ApiGatewayV2::Route']),
    'AWS::ApiGatewayV2::Authorizer': authorizers,
    'AWS::ApiGatewayV2::Integration': integrations,
  };
}

/** @throws StartError for an API without a stage or with several stages. */
export function onlyStage(
  { logicalId }: Api,
  { 'AWS::ApiGatewayV2::Stage': stages }: Resources,
): Resource<'AWS::ApiGatewayV2::Stage'> {
  const [stage, ...others] = stages;
  if (stage && others.length === 0) return stage;
  throw new StartError(
    `The local runtime serves exactly one stage of ${logicalId}; the template has ${stages.length}.`,
  );
}
