/**
 * Which resources have a name that is the same at every creation: the second one finds it taken while the first is still
 * there. Where the template gives no name, CloudFormation makes one with a random part.
 */

import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import { mentionsIn } from './mentions.ts';
import { type ResourceSpec, resourceSpec } from './spec.ts';

export interface FixedName {
  /** The properties that make the name. */
  readonly properties: readonly string[];
  /** For a sentence: the name, or the JSON that becomes it. */
  readonly name: string;
}

/** Differs from one stack to the next of the same name. */
const RANDOM = 'AWS::StackId';

/** `undefined` if CloudFormation makes a name, or the type has no name. */
export function fixedName(resource: DeployResource, template: DeployTemplate): FixedName | undefined {
  return fixedNameIn(resource, template, new Set());
}

function fixedNameIn(
  resource: DeployResource,
  template: DeployTemplate,
  above: ReadonlySet<string>,
): FixedName | undefined {
  const { id, type, properties } = resource;
  const spec = resourceSpec(type);
  const names = spec ? nameProperties(spec) : [];
  const seen = new Set([...above, id]);
  const texts = names.map((name) => textOf(properties[name], template, seen));
  if (texts.length === 0 || texts.includes(undefined)) return undefined;
  return { properties: names, name: texts.join(' ') };
}

/** The value of a property at every creation; `undefined` if it is missing or differs each time. */
function textOf(value: unknown, template: DeployTemplate, above: ReadonlySet<string>): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  let text = JSON.stringify(value);
  for (const { name } of mentionsIn(value, '')) {
    const named = template.resources.get(name);
    // A reference is as fixed as the name of its target.
    const fixed = named && !above.has(name) ? fixedNameIn(named, template, above) : undefined;
    if (name === RANDOM || (named && !fixed)) return undefined;
    if (fixed) text = text.replaceAll(`"${name}"`, JSON.stringify(fixed.name));
  }
  return text;
}

/** The identifier if a template may set all of it; else a property with "name" in its own name that cannot be changed. */
function nameProperties({ name, primaryIdentifier = [], properties }: ResourceSpec): readonly string[] {
  if (primaryIdentifier.length > 0 && primaryIdentifier.every((one) => Object.hasOwn(properties, one)))
    return primaryIdentifier;
  return ['Name', `${name}Name`].filter((one) => properties[one]?.causesReplacement === 'yes').slice(0, 1);
}
