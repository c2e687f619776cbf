/** Small templates with one error, for the tests of checks. */

import { type DeployTemplate, readTemplate } from '../../../lib/deploy-checks/deploy-template.ts';
import { type Finding, lineOf } from '../../../lib/deploy-checks/finding.ts';

export function templateWith(resources: object, sections: object = {}): DeployTemplate {
  // As JSON, in which an undefined property is not there.
  return readTemplate(JSON.parse(JSON.stringify({ Resources: resources, ...sections })));
}

/** The findings of a check in such a template, as lines. */
export function linesOf(findings: readonly Finding[]): string[] {
  return findings.map(lineOf);
}

/** A function in the form that CloudFormation takes, with the planted change. */
export function functionWith(changes: object, beside: object = {}): DeployTemplate {
  return templateWith({
    Work: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: { 'Fn::Join': ['-', ['assets', { Ref: 'AWS::Region' }]] }, S3Key: 'code.zip' },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        MemorySize: 512,
        Architectures: ['arm64'],
        Environment: { Variables: { TABLE: { Ref: 'Items' } } },
        ...changes,
      },
      ...beside,
    },
  });
}
