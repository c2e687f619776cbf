/** What a creation that failed leaves behind, and what a stack that was deleted does, walked on the templates: not run on AWS. */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { deploymentNames, templatesOf } from './template.ts';

const resources = v.record(
  v.string(),
  v.object({
    Type: v.string(),
    DeletionPolicy: v.optional(v.picklist(['Delete', 'Retain', 'RetainExceptOnCreate']), 'Delete'),
    Properties: v.optional(v.record(v.string(), v.unknown()), {}),
  }),
);

type Resource = v.InferOutput<typeof resources>[string] & { readonly id: string };

function resourcesOf(deployment: (typeof deploymentNames)[number]): readonly Resource[] {
  return templatesOf(deployment).flatMap((template) =>
    Object.entries(v.parse(resources, template.toJSON()['Resources'])).map(([id, resource]) => ({
      id,
      ...resource,
    })),
  );
}

/** Properties that name a resource. Of these types a name is no identity: two may have the same, or it is part of another resource. */
const NAME = /^(?:\w+)?Name$/;
const namedForPeople =
  /^AWS::(?:ApiGatewayV2::(?:Api|Authorizer|Stage)|IAM::Policy|Lambda::(?:Permission|EventInvokeConfig|EventSourceMapping)|Logs::Delivery)$/;

const isNamed = ({ Type, Properties }: Resource) =>
  !namedForPeople.test(Type) && Object.keys(Properties).some((property) => NAME.test(property));

const kindOf = ({ id }: Resource) => id.replace(/[0-9A-F]{8}$/, '');

describe.each(deploymentNames)('%s', (deployment) => {
  const all = resourcesOf(deployment);

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

    expect(kept.length).toBe(all.filter(({ DeletionPolicy }) => DeletionPolicy.startsWith('Retain')).length);
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
