import { describe, expect, it } from 'vitest';
import { found, stack, stage, toolkit } from './accounts.ts';

const ROLE = 'arn:aws:iam::111111111111:role/the-logs-of-others';
const throttle = { rateLimit: 10_000, burstLimit: 5_000 };
const existing = { setsLogRole: false };

describe('preflight, about the log role of API Gateway', () => {
  it('is content with a role that the stack will create if there is no other', () => {
    expect(found('log-role', { gateway: { throttle } })).toEqual([]);
  });

  it('says which role of others the stack replaces', () => {
    const [finding, ...more] = found('log-role', { gateway: { throttle, logRole: ROLE } });

    expect(finding).toMatchObject({ severity: 'note', sentence: expect.stringContaining(ROLE) });
    expect(more).toEqual([]);
  });

  it('knows the role of the stack itself', () => {
    const resources = [
      {
        logicalId: 'LogRole',
        physicalId: 'the-logs-of-others',
        type: 'AWS::IAM::Role',
        status: 'CREATE_COMPLETE',
      },
    ];

    expect(found('log-role', { gateway: { throttle, logRole: ROLE }, resources })).toEqual([]);
  });

  it('refuses a stage that relies on an existing role that is missing', () => {
    expect(found('log-role', { gateway: { throttle } }, existing)).toMatchObject([
      { severity: 'refuses', remedy: expect.stringContaining("`gatewayLogRole: 'create'`") },
    ]);
  });

  it('is content with an existing role that the stage relies on, and with no role if nothing is logged', () => {
    expect(found('log-role', { gateway: { throttle, logRole: ROLE } }, existing)).toEqual([]);
    expect(found('log-role', { gateway: { throttle } }, { ...existing, usesLogRole: false })).toEqual([]);
  });
});

describe('preflight, about the requests of the account', () => {
  it('is content when the stage and its posts fit exactly', () => {
    expect(found('throttle', { gateway: { throttle: { rateLimit: 2_000, burstLimit: 500 } } })).toEqual([]);
  });

  it('says that the stage starves when they exceed the quota', () => {
    expect(found('throttle', { gateway: { throttle: { rateLimit: 1_999, burstLimit: 500 } } })).toMatchObject(
      [
        {
          severity: 'starves',
          sentence: expect.stringContaining('Fanfare-prod may take 2,000 requests a second'),
          remedy: expect.stringContaining('--quota-code L-8A5B8E43 --desired-value 2000 '),
        },
      ],
    );
  });

  it('notes an account that takes more than twice of what all stages together ask for', () => {
    const of = (rateLimit: number) => ({ gateway: { throttle: { rateLimit, burstLimit: 500 } } });

    expect(found('throttle', of(4_000))).toEqual([]);
    expect(found('throttle', of(4_001))).toMatchObject([
      {
        severity: 'note',
        sentence: expect.stringContaining('takes 4,001 requests a second'),
        remedy: expect.stringContaining('`accountWith(4001)` in lib/settings/account-quotas.ts'),
      },
    ]);
    expect(found('throttle', of(4_001), { neighbours: [stage.share] })).toEqual([]);
  });

  it('names each API whose own limits are above the account’s', () => {
    const findings = found('throttle', { gateway: { throttle: { rateLimit: 3_000, burstLimit: 499 } } });

    expect(findings).toMatchObject([
      { sentence: expect.stringContaining('The WebSocket API is to take 1,000') },
    ]);
  });

  const neighbours = [{ ...stage.share, stackName: 'Fanfare-dev' }];
  const deployed = new Map([
    ['CDKToolkit', toolkit(6)],
    ['Fanfare-dev', stack('UPDATE_COMPLETE')],
  ]);

  it('counts the other stages that are deployed, and only those', () => {
    const gateway = { throttle: { rateLimit: 3_999, burstLimit: 500 } };

    expect(found('throttle', { gateway }, { neighbours })).toEqual([]);
    expect(found('throttle', { gateway, stacks: deployed }, { neighbours })).toMatchObject([
      { sentence: expect.stringContaining('Fanfare-prod and Fanfare-dev together may take 4,000') },
    ]);
  });

  it('compares handshakes with the quota of new connections in the same way', () => {
    const both = { stacks: deployed };

    expect(found('handshakes', { newConnections: 200 })).toEqual([]);
    expect(found('handshakes', { newConnections: 199 })).toMatchObject([
      {
        severity: 'starves',
        remedy: expect.stringContaining('--quota-code L-9ED1E49A --desired-value 200 '),
      },
    ]);
    expect(found('handshakes', { ...both, newConnections: 400 }, { neighbours })).toEqual([]);
    expect(found('handshakes', { ...both, newConnections: 399 }, { neighbours })).toHaveLength(1);
  });
});

describe('preflight, about the resource policies of CloudWatch Logs', () => {
  const delivery = (characters: number) => [{ name: 'AWSLogDeliveryWrite20150319', characters }];
  const policies = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ name: `p${i}`, characters: 1 }));

  it('says when the list of log groups would get too long for another HTTP API', () => {
    expect(found('log-policy', { logPolicies: delivery(4_970) })).toEqual([]);
    expect(found('log-policy', { logPolicies: delivery(4_971) })).toMatchObject([{ severity: 'note' }]);
    expect(found('log-policy', { logPolicies: delivery(4_971) }, { httpAccessLogs: 0 })).toEqual([]);
  });

  it('refuses an eleventh policy', () => {
    expect(found('log-policy', { logPolicies: policies(9) })).toEqual([]);
    expect(found('log-policy', { logPolicies: policies(10) })).toMatchObject([{ severity: 'refuses' }]);
    expect(found('log-policy', { logPolicies: [...policies(9), ...delivery(100)] })).toEqual([]);
  });

  it('expects no change from a stack that is there already', () => {
    const stacks = new Map([['Fanfare-prod', stack('UPDATE_COMPLETE')]]);

    expect(found('log-policy', { stacks, logPolicies: delivery(5_000) })).toEqual([]);
  });
});
