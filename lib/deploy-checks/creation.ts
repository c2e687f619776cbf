/** Computes which resources of a stack are left after a failed creation or a deletion, and which of these stop the next creation. */

import { type Fate, fateInDeletion, fateInRollback } from './deletion.ts';
import { dependents, needsOfAll } from './dependencies.ts';
import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { fixedName } from './physical-names.ts';

export interface Aftermath {
  /** The resource whose creation failed; `undefined` when the stack was complete and was deleted. */
  readonly failed: string | undefined;
  /** Logical ids of the resources that exist after the rollback or the deletion. */
  readonly left: readonly string[];
  /** Why a creation after that fails. */
  readonly inTheWay: readonly Finding[];
}

/**
 * For each resource, the creation that fails with it. CloudFormation creates resources in parallel unless one waits for the
 * other. So, in the worst case, every resource that does not need this one exists at that moment. The resource itself counts as
 * made, because some fail only after they exist.
 */
export function simulateFailedCreation(template: DeployTemplate): readonly Aftermath[] {
  const needs = needsOfAll(template);
  return [...template.resources.keys()].map((failed) => {
    const waiting = dependents(failed, needs);
    const made = [...template.resources.values()].filter(({ id }) => !waiting.has(id));
    return aftermath(failed, made, fateInRollback, template);
  });
}

/** `cdk destroy`, and then a creation. */
export function simulateDeletion(template: DeployTemplate): Aftermath {
  return aftermath(undefined, [...template.resources.values()], fateInDeletion, template);
}

function aftermath(
  failed: string | undefined,
  made: readonly DeployResource[],
  fateOf: (resource: DeployResource) => Fate,
  template: DeployTemplate,
): Aftermath {
  const remaining = made.filter((resource) => fateOf(resource) !== 'deleted');
  return {
    failed,
    left: remaining.map(({ id }) => id),
    inTheWay: remaining.flatMap((resource) =>
      obstacle(resource, fateOf(resource), failed, template).map((sentence) => ({
        resource: resource.id,
        path: 'DeletionPolicy',
        sentence,
      })),
    ),
  };
}

function obstacle(
  resource: DeployResource,
  fate: Fate,
  failed: string | undefined,
  template: DeployTemplate,
): readonly string[] {
  const event = failed === undefined ? 'a deletion of the stack' : 'a creation that failed';
  // The stack stays as ROLLBACK_FAILED or DELETE_FAILED, and no stack can be created under its name.
  if (fate === 'undeletable')
    return [`After ${event}, CloudFormation cannot delete it: it is protected from deletion.`];
  const fixed = fixedName(resource, template);
  if (!fixed) return [];
  return [
    `After ${event}, it is kept with the fixed name ${fixed.name}; the next creation finds that taken.`,
  ];
}
