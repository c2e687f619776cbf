import { describe, expect, it } from 'vitest';
import { templatesOf } from './template.ts';

const [, edge] = templatesOf('prod behind an edge');
if (!edge) throw new Error('A stage with an edge has two stacks');

describe('the firewall', () => {
  const [webAcl] = Object.entries(edge.findResources('AWS::WAFv2::WebACL'));
  const [id, { Properties } = { Properties: {} }] = webAcl ?? [];
  const rule = (name: string) => Properties.Rules.find(({ Name }: { Name: string }) => Name === name);

  it('is in front of CloudFront', () => {
    const [distribution] = Object.values(edge.findResources('AWS::CloudFront::Distribution'));

    expect(Properties).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } });
    expect(distribution?.['Properties'].DistributionConfig.WebACLId).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  });

  it('limits the handshakes of each IP address to the number of the stage', () => {
    expect(rule('HandshakesPerAddress')).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 1_000, EvaluationWindowSec: 300 } },
    });
  });

  it.each([
    'AWSManagedRulesAmazonIpReputationList',
    'AWSManagedRulesKnownBadInputsRuleSet',
    'AWSManagedRulesCommonRuleSet',
  ])('refuses all requests that %s refuses', (name) => {
    expect(rule(name)).toMatchObject({
      OverrideAction: { None: {} },
      Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: name } },
    });
  });

  it('only counts requests by the three rules that honest handshakes break', () => {
    const { RuleActionOverrides } = rule('AWSManagedRulesCommonRuleSet').Statement.ManagedRuleGroupStatement;

    expect(RuleActionOverrides).toEqual([
      { Name: 'NoUserAgent_HEADER', ActionToUse: { Count: {} } },
      { Name: 'SizeRestrictions_QUERYSTRING', ActionToUse: { Count: {} } },
      { Name: 'RestrictedExtensions_QUERYARGUMENTS', ActionToUse: { Count: {} } },
    ]);
  });

  it('gives every rule a priority of its own, and shows no samples of requests, because these contain tokens', () => {
    const rules: { Priority: number; VisibilityConfig: { SampledRequestsEnabled: boolean } }[] =
      Properties.Rules;

    expect(rules.map(({ Priority }) => Priority)).toEqual([0, 1, 2, 3]);
    for (const { VisibilityConfig } of [...rules, Properties])
      expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
  });
});
