import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stages } from '../../lib/settings/stage-settings.ts';
import { templateOf } from './template.ts';

const stored = ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup'];

/** Logical ids and properties of the resources that keep data. */
function storesOf(template: ReturnType<typeof templateOf>) {
  return stored.flatMap((type) =>
    Object.entries(template.findResources(type)).map(([id, { Properties }]) => ({ id, type, Properties })),
  );
}

describe('with a customer managed key, as in production', () => {
  const prod = templateOf('prod');
  const [keyId = ''] = Object.keys(prod.findResources('AWS::KMS::Key'));
  const keyArn = { 'Fn::GetAtt': [keyId, 'Arn'] };

  it('one key encrypts every table, every secret and every log', () => {
    const keys = storesOf(prod).map(({ id, Properties: { Replicas, KmsKeyId } }) => [
      id,
      Replicas?.[0].SSESpecification.KMSMasterKeyId ?? KmsKeyId,
    ]);

    expect(stages.prod.encryption).toBe('customer-managed');
    prod.resourceCountIs('AWS::KMS::Key', 1);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter(([, key]) => JSON.stringify(key) !== JSON.stringify(keyArn))).toEqual([]);
  });

  it('the key is changed every year, and stays when the stack is deleted', () => {
    prod.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('CloudWatch Logs may use the key, for log groups of this account and region', () => {
    const [partition, region, account, suffix] = ['Partition', 'Region', 'AccountId', 'URLSuffix'].map(
      (name) => ({ Ref: `AWS::${name}` }),
    );
    const logGroups = ['arn:', partition, ':logs:', region, ':', account, ':log-group:*'];

    prod.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: { 'Fn::Join': ['', ['logs.', region, '.', suffix]] } },
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', logGroups] } } },
          }),
        ]),
      },
    });
  });

  it('beside it only the alarms may use it, and principals only by permissions of this account', () => {
    const [{ Properties } = { Properties: {} }] = Object.values(prod.findResources('AWS::KMS::Key'));
    const root = {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']],
    };
    const principals = Properties.KeyPolicy.Statement.map(
      ({ Principal }: { Principal: unknown }) => Principal,
    );

    expect(principals.filter((principal: object) => !('Service' in principal))).toEqual([{ AWS: root }]);
    const services = principals.flatMap((principal: object) =>
      'Service' in principal ? [principal.Service] : [],
    );
    expect(services).toEqual([
      expect.objectContaining({ 'Fn::Join': expect.anything() }),
      'cloudwatch.amazonaws.com',
    ]);
  });
});

describe.each(['local', 'dev'] as const)('with keys that AWS manages, as in %s', (name) => {
  const template = templateOf(name);

  it('every resource is encrypted with a key of its service, and the stack has no key', () => {
    expect(stages[name].encryption).toBe('aws-managed');
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
    expect(storesOf(template).filter(({ Properties }) => 'KmsKeyId' in Properties)).toEqual([]);
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('kms:');
  });
});
