import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stages } from '../../lib/settings/stage-settings.ts';
import { ownEdge, stacksOf, stageNames, templatesOf } from './template.ts';

const [, edge] = templatesOf('prod behind an edge');
const [, trial] = templatesOf('dev behind a trial edge');
if (!edge || !trial) throw new Error('A stage with an edge has two stacks');

function distributionOf(template: Template) {
  const [found] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  return found?.['Properties'].DistributionConfig;
}

const distribution = distributionOf(edge);

describe('an edge', () => {
  it.each(stageNames)('exists only if a stage wants it, and %s does not', (name) => {
    expect(stages[name].edge).toBe('none');
    expect(stacksOf(stages[name]).edge).toBeUndefined();
  });

  it('is in us-east-1, and is deployed after its backend in any region', () => {
    const stacks = stacksOf({ ...stages.prod, edge: ownEdge });

    expect(stacks.edge?.region).toBe('us-east-1');
    expect(stacks.backend.region).toBe('eu-central-1');
    expect(stacks.edge?.dependencies.map(({ stackName }) => stackName)).toEqual(['Fanfare-prod']);
  });

  it('has an output with the URL of clients: its own name, or CloudFront’s', () => {
    expect(edge.findOutputs('EdgeUrl')['EdgeUrl']?.['Value']).toBe('wss://live.example.com/prod');
    expect(JSON.stringify(trial.findOutputs('EdgeUrl')['EdgeUrl']?.['Value'])).toMatch(
      /"wss:\/\/",\{"Fn::GetAtt":\["Distribution\w+","DomainName"\]\},"\/dev"/,
    );
  });
});

describe('CloudFront', () => {
  it('takes HTTPS only, from TLS 1.2 with the ciphers of 2021, by the certificate of its own name', () => {
    expect(distribution.DefaultCacheBehavior.ViewerProtocolPolicy).toBe('https-only');
    expect(distribution.Aliases).toEqual(['live.example.com']);
    expect(distribution.ViewerCertificate).toEqual({
      AcmCertificateArn: expect.stringContaining(':us-east-1:'),
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    });
  });

  it('has only one way to the gateway: HTTPS, TLS 1.2', () => {
    expect(distribution.Origins).toHaveLength(1);
    expect(distribution.CacheBehaviors).toBeUndefined();
    expect(distribution.Origins[0].CustomOriginConfig).toEqual({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
    expect(JSON.stringify(distribution.Origins[0].DomainName)).toMatch(
      /"Fn::GetStackOutput":\{"StackName":"Fanfare-prod","Region":"eu-central-1",.*".execute-api.eu-central-1."/,
    );
    expect(distribution.Origins[0].OriginPath).toBeUndefined();
  });

  it('caches nothing, and passes on every header except Host and the whole query, as handshakes need (WF-3)', () => {
    expect(distribution.DefaultCacheBehavior).toMatchObject({
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      AllowedMethods: ['GET', 'HEAD'],
    });
  });

  it('admits only the countries of the stage', () => {
    const restrictions = (countries: typeof ownEdge.countries) => {
      const stack = stacksOf({ ...stages.prod, edge: { ...ownEdge, countries } }).edge;
      return stack && distributionOf(Template.fromStack(stack)).Restrictions;
    };

    expect(restrictions({ only: ['DE', 'FR'] })).toEqual({
      GeoRestriction: { RestrictionType: 'whitelist', Locations: ['DE', 'FR'] },
    });
    expect(restrictions({ except: ['AQ'] })).toEqual({
      GeoRestriction: { RestrictionType: 'blacklist', Locations: ['AQ'] },
    });
    expect(restrictions('all')).toBeUndefined();
  });

  it('logs access as chosen fields without tokens, for as long as the stage says', () => {
    const [delivery] = Object.values(edge.findResources('AWS::Logs::Delivery'));
    const fields: string[] = delivery?.['Properties'].RecordFields;

    expect(fields).toEqual(expect.arrayContaining(['c-ip', 'sc-status', 'ssl-protocol']));
    expect(
      fields.filter((field) => /query|cookie|referer|header/i.test(field.replace('x-host-header', ''))),
    ).toEqual([]);
    expect(distribution.Logging).toBeUndefined();
    edge.hasResourceProperties('AWS::Logs::DeliverySource', { LogType: 'ACCESS_LOGS' });
    edge.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    const [policy] = Object.values(edge.findResources('AWS::Logs::ResourcePolicy'));
    expect(policy?.['Properties'].PolicyDocument['Fn::Join'][1].join('')).toContain(
      '"Principal":{"Service":"delivery.logs.amazonaws.com"}',
    );
  });
});
