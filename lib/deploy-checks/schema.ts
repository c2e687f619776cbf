/** Checks each resource against the official property schemas and against our table of constraints. */

import { constraintMistakes } from './constraint-mistakes.ts';
import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import type { Finding, Mistake } from './finding.ts';
import { propertyMistakes } from './property-types.ts';
import { resourceKeyMistakes, typeMistake } from './resource-keys.ts';
import { resourceSpec } from './spec.ts';

export function schemaFindings({ resources }: DeployTemplate): Finding[] {
  return [...resources.values()].flatMap((resource) =>
    mistakesOf(resource).map((mistake) => ({ resource: resource.id, ...mistake })),
  );
}

function mistakesOf(resource: DeployResource): readonly Mistake[] {
  const ofTypes = propertyMistakesOf(resource);
  const wrong = new Set(ofTypes.map(({ path }) => path));
  // A text in place of a number has no size that could be compared.
  const ofSizes = constraintMistakes(resource).filter(({ path }) => !wrong.has(path));
  return [...typeMistake(resource), ...resourceKeyMistakes(resource), ...ofTypes, ...ofSizes];
}

function propertyMistakesOf({ type, properties }: DeployResource): readonly Mistake[] {
  const spec = resourceSpec(type);
  return spec ? propertyMistakes(properties, spec.properties, 'Properties', spec.attributes) : [];
}
