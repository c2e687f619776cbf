import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acceptancesIn, findingsIn } from './findings.ts';
import { deploymentNames, deployments, stacksOf } from './template.ts';

/** A sentence, and not `accepted` or `see above`. */
const SHORTEST_REASON = 40;

describe.each(deploymentNames)('%s', (name) => {
  const { backend } = stacksOf(deployments[name]);
  const { root } = backend.node;
  // Synthesized, as when CDK validates an app.
  Template.fromStack(backend);
  const acceptances = acceptancesIn(root);

  it('has only accepted findings of the AWS Solutions pack, of any severity', () => {
    expect(new AwsSolutionsChecks().validateScope(root).violations).toEqual([]);
  });

  it('accepts only findings that exist', () => {
    const findings = findingsIn(root);
    const unused = acceptances.filter(
      ({ id, on }) => !findings.some((finding) => finding.id === id && finding.path.startsWith(on.node.path)),
    );

    expect(unused.map(({ id, on }) => `${on.node.path} ${id}`)).toEqual([]);
  });

  it('accepts each finding beside its resource, with a reason', () => {
    expect(acceptances.filter(({ on }) => Stack.isStack(on) || on === root)).toEqual([]);
    expect(acceptances.filter(({ reason }) => reason.length < SHORTEST_REASON)).toEqual([]);
    expect(acceptances.length).toBeGreaterThan(0);
  });

  it('has a different reason for each rule', () => {
    const reasons = new Set(acceptances.map(({ reason }) => reason));
    const pairs = new Set(acceptances.map(({ reason, id }) => `${reason} ${id}`));

    expect(pairs.size).toBe(reasons.size);
  });
});
