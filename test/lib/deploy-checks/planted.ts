/** Small templates with one error, for the tests of checks. */

import { type DeployTemplate, readTemplate } from '../../../lib/deploy-checks/deploy-template.ts';
import { type Finding, lineOf } from '../../../lib/deploy-checks/finding.ts';

export function templateWith(resources: object, sections: object = {}): DeployTemplate {
  // As JSON, in which an undefined property is not there.
  return readTemplate(JSON.parse(JSON.stringify({ Resources: resources, ...sections })));
}

/** What a check finds in such a template, as lines. */
export function linesOf(findings: readonly Finding[]): string[] {
  return findings.map(lineOf);
}
