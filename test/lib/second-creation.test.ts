/** What a creation that failed leaves behind, and what a stack that was deleted does, walked on the templates: not run on AWS. */

import { describe, expect, it } from 'vitest';
import { isNamed, kindOf, resourcesIn } from './leftovers.ts';
import { deploymentNames, templatesOf } from './template.ts';

describe.each(deploymentNames)('%s', (deployment) => {
  const all = templatesOf(deployment).flatMap(resourcesIn);

  it('leaves nothing behind when its creation fails, but the role that API Gateway may write logs with by then', () => {
    const left = all.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    const expected = deployment === 'local' ? [] : ['GatewayLogRole', 'GatewayAccount'];

    expect(left.map(kindOf)).toEqual(expected);
  });

  it('has nothing that the rollback of a failed creation cannot delete', () => {
    expect(JSON.stringify(all.map(({ Properties }) => Properties))).not.toMatch(
      /"(?:DeletionProtection\w*|TerminationProtection\w*)":true/,
    );
  });

  it('keeps nothing under a fixed name that would be in the way of a second creation', () => {
    const kept = all.filter(({ DeletionPolicy }) => DeletionPolicy !== 'Delete');

    expect(kept.filter(isNamed).map(kindOf)).toEqual([]);
  });

  it('has fixed names only for what has to be known before it exists', () => {
    const named = all.filter(isNamed).map(kindOf);
    const known = [
      'publisheventFunction',
      'deliverFunction',
      'farewellFunction',
      ...(deployment === 'local' ? ['TokensSecret', 'fallbackFunction', 'revokeFunction'] : []),
      ...(deployment.endsWith('edge')
        ? [
            'OriginKeySecret',
            'AccessLogSource',
            'AccessLogDestination',
            'AccessLogLogGroupPolicyResourcePolicy',
          ]
        : []),
    ];

    expect(named.toSorted()).toEqual(known.toSorted());
  });
});
