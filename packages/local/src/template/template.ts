/** Reads a template's resources by type, with their references resolved and their shapes checked. */

import * as v from 'valibot';
import { StartError } from '../start-error.ts';
import { failureQueues } from './failure-queues.ts';
import { resolve } from './intrinsics.ts';
import { referencesIn } from './references.ts';
import { type Properties, type ServedType, served, withoutLocalEffect } from './resources.ts';
import { type OnUnsupported, refuse } from './unsupported.ts';

/**
 * Metadata of an API or a function URL by which an app says that its functions look themselves at whose page sends a request.
 * Without it, and without CORS or an authorizer, only pages of this machine may come in.
 */
const ANY_PAGE = 'fanfare-local:any-page';

const named = v.optional(v.record(v.string(), v.unknown()), {});

const templateSchema = v.object({
  Transform: v.optional(v.unknown()),
  Parameters: v.optional(
    v.record(v.string(), v.object({ Type: v.string(), Default: v.optional(v.unknown()) })),
    {},
  ),
  Conditions: named,
  Mappings: v.optional(v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown()))), {}),
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      Condition: v.optional(v.string()),
      Properties: v.optional(v.unknown(), {}),
      Metadata: v.optional(v.object({ [ANY_PAGE]: v.optional(v.boolean()) })),
    }),
  ),
  Outputs: v.optional(
    v.record(
      v.string(),
      v.object({
        Value: v.unknown(),
        Condition: v.optional(v.string()),
        Export: v.optional(v.object({ Name: v.unknown() })),
      }),
    ),
    {},
  ),
});

export type Template = v.InferOutput<typeof templateSchema>;

export type Resource<T extends ServedType> = Properties<T> & {
  readonly logicalId: string;
  /** Whether the app's functions look themselves at whose page sends a request. @default false */
  readonly admitsAnyPage?: boolean;
};

export type Resources = { readonly [T in ServedType]: readonly Resource<T>[] };

/** @throws StartError for something that is not a template. */
export function parseTemplate(value: unknown): Template {
  const result = v.safeParse(templateSchema, value);
  if (!result.success) throw new StartError('This is not a CloudFormation template with resources.');
  const { Transform } = result.output;
  if (Transform === undefined) return result.output;
  throw new StartError(
    `The local runtime reads templates as CloudFormation executes them, and does not run the transform ${JSON.stringify(Transform)}.`,
  );
}

/**
 * @param onUnsupported What becomes of resources and properties that are not supported; @default the template is refused.
 * @throws StartError that names each resource type which is not supported, or the property which is not.
 */
export function readTemplate(template: Template, onUnsupported: OnUnsupported = refuse): Resources {
  reportUnsupported(template, onUnsupported);
  const references = referencesIn(template, onUnsupported);
  const exists = ({ Condition }: Template['Resources'][string]) =>
    Condition === undefined || references.condition(Condition) === true;
  const read = <T extends ServedType>(type: T): Resource<T>[] =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type && exists(resource))
      .map(([logicalId, { Properties, Metadata }]) => ({
        ...parseProperties(type, logicalId, resolve(select(type, Properties), references), onUnsupported),
        logicalId,
        ...(Metadata?.[ANY_PAGE] && { admitsAnyPage: true }),
      }));

  return {
    'AWS::ApiGatewayV2::Api': read('AWS::ApiGatewayV2::Api'),
    'AWS::ApiGatewayV2::Stage': read('AWS::ApiGatewayV2::Stage'),
    'AWS::ApiGatewayV2::Route': read('AWS::ApiGatewayV2::Route'),
    'AWS::ApiGatewayV2::Authorizer': read('AWS::ApiGatewayV2::Authorizer'),
    'AWS::ApiGatewayV2::RouteResponse': read('AWS::ApiGatewayV2::RouteResponse'),
    'AWS::ApiGatewayV2::Integration': read('AWS::ApiGatewayV2::Integration'),
    'AWS::ApiGatewayV2::IntegrationResponse': read('AWS::ApiGatewayV2::IntegrationResponse'),
    'AWS::Lambda::Function': read('AWS::Lambda::Function'),
    'AWS::Lambda::Url': read('AWS::Lambda::Url'),
    'AWS::Lambda::EventInvokeConfig': read('AWS::Lambda::EventInvokeConfig'),
    'AWS::Lambda::EventSourceMapping': read('AWS::Lambda::EventSourceMapping'),
    'AWS::DynamoDB::GlobalTable': read('AWS::DynamoDB::GlobalTable'),
    'AWS::DynamoDB::Table': read('AWS::DynamoDB::Table'),
    'AWS::Events::EventBus': read('AWS::Events::EventBus'),
    'AWS::Events::Rule': read('AWS::Events::Rule'),
    'AWS::SecretsManager::Secret': read('AWS::SecretsManager::Secret'),
  };
}

function reportUnsupported({ Resources }: Template, onUnsupported: OnUnsupported): void {
  const queues = failureQueues({ Resources });
  const unknown = Object.entries(Resources).filter(([id, { Type }]) => !isKnown(Type) && !queues.has(id));
  if (unknown.length === 0) return;
  const names = unknown.map(([logicalId, { Type }]) => `${logicalId} (${Type})`).join(', ');
  onUnsupported(`The local runtime does not support ${names}.`);
}

function isKnown(type: string): boolean {
  return Object.hasOwn(served, type) || withoutLocalEffect.has(type);
}

/** Only the properties that are read are resolved, so that an unread one may use what is not known here. */
function select(type: ServedType, properties: unknown): unknown {
  const read = new Set(Object.keys(served[type].entries));
  return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => read.has(name)));
}

function parseProperties<T extends ServedType>(
  type: T,
  logicalId: string,
  properties: unknown,
  onUnsupported: OnUnsupported,
): Properties<T> {
  const result = v.safeParse(served[type], properties);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const sentence = `The local runtime cannot serve ${logicalId} (${type}): ${v.getDotPath(issue) ?? ''} ${issue.message}.`;
  const property = issue.path?.[0]?.key;
  // What is never served can be left out; what has the wrong shape cannot.
  if (issue.type !== 'never' || property === undefined) throw new StartError(sentence);
  onUnsupported(sentence);
  const rest = Object.entries(properties ?? {}).filter(([name]) => name !== property);
  return parseProperties(type, logicalId, Object.fromEntries(rest), onUnsupported);
}
