/** Checks that all names in a template have a target: resources, attributes, parameters, conditions, mappings. */

import { circleFindings, dependsOn } from './dependencies.ts';
import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import { isRecord } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { join, type Mention, mentionsIn } from './mentions.ts';
import { type ResourceSpec, resourceSpec } from './spec.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
const pseudoParameters: ReadonlySet<string> = new Set(
  [
    'AccountId',
    'NotificationARNs',
    'NoValue',
    'Partition',
    'Region',
    'StackId',
    'StackName',
    'URLSuffix',
  ].map((name) => `AWS::${name}`),
);

export function referenceFindings(template: DeployTemplate): Finding[] {
  return [
    ...[...template.resources.values()].flatMap((resource) => findingsOf(resource, template)),
    ...ofOutputs(template),
    ...ofConditions(template),
    ...circleFindings(template),
  ];
}

function findingsOf({ id, json, properties }: DeployResource, template: DeployTemplate): Finding[] {
  const missing = dependsOn(json)
    .filter((name) => !template.resources.has(name))
    .map((name) => ({
      resource: id,
      path: 'DependsOn',
      sentence: `It depends on ${name}, which is no resource of the template.`,
    }));
  const mentions = mentionsIn(properties, 'Properties');
  return [
    ...missing,
    ...conditionOf(id, 'Condition', json, template),
    ...mentionFindings(id, mentions, template),
  ];
}

/** A condition names others by `{ Condition: name }`. */
function ofConditions(template: DeployTemplate): readonly Finding[] {
  const named = Object.entries(template.conditions).flatMap(([path, condition]) =>
    [...JSON.stringify(condition).matchAll(/\{"Condition":("[^"]*")\}/g)].map(
      ([, name = '""']): Mention => ({ kind: 'condition', name: JSON.parse(name), path }),
    ),
  );
  return mentionFindings('Conditions', [...mentionsIn(template.conditions, ''), ...named], template);
}

function ofOutputs(template: DeployTemplate): Finding[] {
  const conditions = Object.entries(template.outputs).flatMap(([name, output]) =>
    isRecord(output) ? conditionOf('Outputs', join(name, 'Condition'), output, template) : [],
  );
  return [...mentionFindings('Outputs', mentionsIn(template.outputs, ''), template), ...conditions];
}

function mentionFindings(
  resource: string,
  mentions: readonly Mention[],
  template: DeployTemplate,
): readonly Finding[] {
  return mentions.flatMap((mention) =>
    sentences(mention, template).map((sentence) => ({ resource, path: mention.path, sentence })),
  );
}

function conditionOf(
  resource: string,
  path: string,
  { Condition }: { readonly Condition?: unknown },
  { conditions }: DeployTemplate,
): Finding[] {
  if (Condition === undefined || (typeof Condition === 'string' && Object.hasOwn(conditions, Condition)))
    return [];
  return [{ resource, path, sentence: `${JSON.stringify(Condition)} is no condition of the template.` }];
}

/** Empty if everything exists. */
function sentences(mention: Mention, template: DeployTemplate): string[] {
  const { name } = mention;
  if (mention.kind === 'malformed')
    return [`${name} is no function of CloudFormation that is called like this.`];
  if (mention.kind === 'condition')
    return Object.hasOwn(template.conditions, name) ? [] : [`${name} is no condition of the template.`];
  if (mention.kind === 'mapping')
    return Object.hasOwn(template.mappings, name) ? [] : [`${name} is no mapping of the template.`];
  const resource = template.resources.get(name);
  if (mention.kind === 'attribute')
    return resource
      ? attributeSentences(resource, mention.attribute)
      : [`${name} is no resource of the template, and so has no ${mention.attribute}.`];
  if (resource || pseudoParameters.has(name) || Object.hasOwn(template.parameters, name)) return [];
  return [`${name} is neither a resource nor a parameter of the template.`];
}

function attributeSentences({ type }: DeployResource, attribute: string): string[] {
  const spec = resourceSpec(type);
  if (!spec || hasAttribute(spec, attribute)) return [];
  return [`A resource of the type ${type} has no attribute ${attribute}.`];
}

/** A template may ask for a structure as a whole. The attributes of a nested stack are the outputs of its own template. */
function hasAttribute({ attributes, cloudFormationType }: ResourceSpec, attribute: string): boolean {
  if (cloudFormationType === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.')) return true;
  return Object.hasOwn(attributes, attribute);
}
