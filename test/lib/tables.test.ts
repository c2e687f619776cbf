import { describe, expect, it } from 'vitest';
import { templateOf } from './template.ts';

const dev = templateOf('dev');
const prod = templateOf('prod');

/** The name, whether TTL deletes items, and whether the table has a backup. */
const tables = [
  ['Connections', true, false],
  ['Subscriptions', true, false],
  ['Channels', false, true],
  ['Messages', true, true],
  ['Values', true, true],
  ['PublishKeys', true, false],
  ['Charges', true, false],
  ['DeliveryClaims', true, false],
  ['Revocations', false, true],
  ['Occupancy', true, false],
  ['HttpSessions', true, false],
  ['Mailboxes', true, false],
  ['ReadPositions', true, false],
  ['Presence', true, false],
] as const;

describe('every table', () => {
  it('is paid per request and encrypted by a key in KMS', () => {
    prod.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
    prod.resourceCountIs('AWS::DynamoDB::GlobalTable', tables.length);
  });

  it.each(tables)(
    'called %s cleans up by TTL: %s, and can be restored to a point in time: %s',
    (name, expires, restores) => {
      const resources = Object.entries(prod.findResources('AWS::DynamoDB::GlobalTable'));
      const [, table] = resources.find(([id]) => id.startsWith(`Storage${name}`)) ?? [];

      const ttl = expires ? { AttributeName: 'expiresAt', Enabled: true } : undefined;
      expect(table?.['Properties'].TimeToLiveSpecification).toEqual(ttl);
      const [replica] = table?.['Properties'].Replicas ?? [];
      expect(replica.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: restores });
    },
  );

  it('stays when a production stack is deleted, and goes with a development stack', () => {
    prod.allResources('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    dev.allResources('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Delete' });
  });

  it('is created without protection, because a rollback could not delete a protected table', () => {
    const found = Object.values(prod.findResources('AWS::DynamoDB::GlobalTable'));
    const said = found.flatMap(({ Properties }) => Properties.Replicas.map(Object.keys)).flat();

    expect(said).toContain('PointInTimeRecoverySpecification');
    expect(said).not.toContain('DeletionProtectionEnabled');
  });
});
