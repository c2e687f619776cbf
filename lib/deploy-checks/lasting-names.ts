/** Checks that no resource of a first creation stops a second one, and that attempts do not pile up resources. */

import { simulateDeletion, simulateFailedCreation } from './creation.ts';
import { needsOf } from './dependencies.ts';
import type { DeployResource, DeployTemplate } from './deploy-template.ts';
import type { Finding } from './finding.ts';

/** The resources that may be left after a failed creation, with the reason. */
export const leftForAReason: ReadonlyMap<string, string> = new Map([
  [
    'AWS::ApiGateway::Account',
    'The role by which API Gateway writes the logs of the account and region: other APIs may rely on it by then.',
  ],
]);

export function creationFindings(template: DeployTemplate): Finding[] {
  const failures = simulateFailedCreation(template);
  const left = new Set(failures.flatMap((failure) => failure.left));
  return unique([
    ...failures.flatMap(({ inTheWay }) => inTheWay),
    ...simulateDeletion(template).inTheWay,
    ...orphanFindings(template),
    ...[...template.resources.values()]
      .filter((resource) => left.has(resource.id) && !mayBeLeft(resource, template))
      .map(({ id }) => ({
        resource: id,
        path: 'DeletionPolicy',
        sentence: 'A creation that failed leaves it behind, and each further attempt leaves another one.',
      })),
  ]);
}

/** Finds a resource that a deletion keeps although it is worthless without a deleted one, such as a table without its key. */
function orphanFindings(template: DeployTemplate): Finding[] {
  const kept = new Set(simulateDeletion(template).left);
  return [...template.resources.values()]
    .filter(({ id }) => kept.has(id))
    .flatMap((resource) =>
      [...needsOf(resource)]
        .filter((need) => template.resources.has(need) && !kept.has(need))
        .map((need) => ({
          resource: resource.id,
          path: 'DeletionPolicy',
          sentence: `A deletion of the stack keeps it, and deletes ${need}, which it needs.`,
        })),
    );
}

/** The settings that may stay with a reason, and the resources that they name. */
function mayBeLeft({ id, type }: DeployResource, { resources }: DeployTemplate): boolean {
  if (leftForAReason.has(type)) return true;
  return [...resources.values()].some((one) => leftForAReason.has(one.type) && needsOf(one).has(id));
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
