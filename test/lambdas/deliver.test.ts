import { describe, expect, it, vi } from 'vitest';

for (const name of [
  'CONNECTIONS_TABLE',
  'SUBSCRIPTIONS_TABLE',
  'CHANNELS_TABLE',
  'DELIVERY_CLAIMS_TABLE',
  'MAILBOXES_TABLE',
  'HTTP_SESSIONS_TABLE',
  'DELIVERY_WORKER',
  'FAREWELL_WORKER',
  'POSTS_PER_SECOND',
]) {
  vi.stubEnv(name, '1');
}
vi.stubEnv('MANAGEMENT_ENDPOINT', 'https://api.example/prod');
vi.stubEnv('AWS_REGION', 'us-east-1');

const { handler: deliver } = await import('../../lambdas/deliver.ts');
const { handler: release } = await import('../../lambdas/release.ts');

describe('a delivery worker', () => {
  it.each([undefined, {}, { kind: 'lane' }, { kind: 'stragglers', recipients: [] }])(
    'fails for a payload that is not a task: %j',
    async (event) => {
      await expect(deliver(event, { awsRequestId: 'request' })).rejects.toThrow('Invalid');
    },
  );
});

describe('release', () => {
  it.each([undefined, {}, { requestPayload: {} }])(
    'fails for a payload that is not a failed task: %j',
    async (event) => {
      await expect(release(event)).rejects.toThrow('Invalid');
    },
  );
});
