/** Which resources of a template have to exist before which others. */

import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { mentionsIn } from './mentions.ts';

export type Needs = ReadonlyMap<string, ReadonlySet<string>>;

export function needsOfAll({ resources }: DeployTemplate): Needs {
  return new Map([...resources.values()].map((resource) => [resource.id, needsOf(resource)]));
}

/** Logical ids of the resources that must exist before a resource: those that it names, and those in its `DependsOn`. */
export function needsOf({ json, properties }: DeployResource): ReadonlySet<string> {
  const named = mentionsIn(properties, '').flatMap((mention) =>
    mention.kind === 'value' || mention.kind === 'attribute' ? [mention.name] : [],
  );
  return new Set([...dependsOn(json), ...named]);
}

export function dependsOn(json: DeployResource['json']): string[] {
  return [json['DependsOn'] ?? []].flat().filter((name) => typeof name === 'string');
}

/** The resources that wait for a resource, directly or through others. It contains the resource itself only if that waits for itself. */
export function dependents(of: string, needs: Needs): ReadonlySet<string> {
  const found = new Set<string>();
  const waitsFor = (id: string) => id === of || found.has(id);
  let before = -1;
  while (before < found.size) {
    before = found.size;
    for (const [id, needed] of needs) if ([...needed].some(waitsFor)) found.add(id);
  }
  return found;
}

/** CloudFormation refuses a template in which two resources wait for each other. */
export function circleFindings(template: DeployTemplate): Finding[] {
  const needs = needsOfAll(template);
  return [...template.resources.keys()]
    .filter((id) => dependents(id, needs).has(id))
    .map((id) => ({ resource: id, path: '', sentence: 'It waits for a resource that waits for it.' }));
}
