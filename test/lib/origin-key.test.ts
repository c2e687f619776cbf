import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stages } from '../../lib/settings/stage-settings.ts';
import { ownEdge, stacksOf, synthesized, templatesOf, trialEdge } from './template.ts';

const [backend, edge] = templatesOf('prod behind an edge');
if (!backend || !edge) throw new Error('A stage with an edge has two stacks');

describe('the origin key', () => {
  const secrets = Object.values(backend.findResources('AWS::SecretsManager::Secret'));
  const originKey = secrets.find(({ Properties }) => Properties.Name === 'Fanfare-prod/origin-key-1');

  it('is made by AWS in the region of the backend, and copied to the region of the edge', () => {
    expect(originKey?.['Properties']).toMatchObject({
      GenerateSecretString: { PasswordLength: 43, ExcludePunctuation: true },
      ReplicaRegions: [{ Region: 'us-east-1' }],
    });
  });

  it('is not copied if both regions are the same', () => {
    const near = stacksOf({ ...stages.prod, edge: { ...ownEdge, backendRegion: 'us-east-1' } });
    const [, key] = Object.values(
      Template.fromStack(near.backend).findResources('AWS::SecretsManager::Secret'),
    );

    expect(key?.['Properties'].Name).toBe('Fanfare-prod/origin-key-1');
    expect(key?.['Properties'].ReplicaRegions).toBeUndefined();
  });

  it('goes with every request of the edge, by a reference that only CloudFormation resolves', () => {
    const [distribution] = Object.values(edge.findResources('AWS::CloudFront::Distribution'));
    const [origin] = distribution?.['Properties'].DistributionConfig.Origins ?? [];

    expect(origin.OriginCustomHeaders).toEqual([
      {
        HeaderName: 'x-fanfare-origin-key',
        HeaderValue: '{{resolve:secretsmanager:Fanfare-prod/origin-key-1:SecretString:::}}',
      },
    ]);
  });

  it('is required by the authorizer only behind an edge, where there is no other door', () => {
    const variables = (template: Template) => {
      const found = template.findResources('AWS::Lambda::Function', {
        Properties: { Environment: { Variables: { ORIGIN_KEY_SECRET: Match.anyValue() } } },
      });
      return Object.values(found).map(({ Properties }) => Properties.Environment.Variables.ORIGIN_KEY_SECRET);
    };

    expect(variables(backend)).toEqual([{ Ref: expect.stringMatching(/^OriginKey/) }]);
    expect(variables(synthesized(stages.prod).backend)).toEqual(['none']);
  });

  it('is replaced by a new version in both stacks', () => {
    const stacks = stacksOf({ ...stages.dev, edge: { ...trialEdge, keyVersion: 2 } });
    const texts = [stacks.backend, stacks.edge].map((stack) =>
      JSON.stringify(stack && Template.fromStack(stack)),
    );

    for (const text of texts) expect(text).toContain('Fanfare-dev/origin-key-2');
  });
});
