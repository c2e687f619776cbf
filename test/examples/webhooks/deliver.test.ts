import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isGenuine } from '../../../examples/webhooks/signature.ts';
import { lifecycleEvent } from '../../../lambdas/realtime/lifecycle/lifecycle.ts';
import { recordSecret } from '../../leaks/evidence.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const KEY = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
recordSecret(KEY);

/** The event of SQS for a message that EventBridge put into the queue. */
function queued(...messages: readonly { readonly messageId: string; readonly user: string }[]) {
  return {
    Records: messages.map(({ messageId, user }) => {
      const at = 1795355541000;
      const { type, id, time, detail } = lifecycleEvent('member joined', { channel: 'chat:a', user, at }, at);
      return { messageId, body: JSON.stringify({ 'detail-type': type, detail: { id, time, ...detail } }) };
    }),
  };
}

describe('a webhook', () => {
  const sdk = mockClient(SecretsManagerClient);
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = await startReceiver();
    sdk.reset();
    sdk.on(GetSecretValueCommand).resolves({ SecretString: KEY });
    vi.stubEnv('WEBHOOK_SECRET', 'arn:secret');
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await receiver[Symbol.asyncDispose]();
  });

  /** The function as it starts for this receiver. */
  async function start(url = receiver.url) {
    vi.stubEnv('WEBHOOK_URL', url);
    vi.resetModules();
    const { handler } = await import('../../../examples/webhooks/deliver.ts');
    return handler;
  }

  it('brings an event with its time and its detail, and has a genuine signature', async () => {
    const handler = await start();

    expect(await handler(queued({ messageId: '1', user: 'ann' }))).toEqual({ batchItemFailures: [] });

    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(JSON.parse(body)).toEqual({
      type: 'member joined',
      timestamp: '2026-11-22T13:52:21.000Z',
      data: {
        id: 'member joined#chat:a#1795355541000#ann',
        time: 1795355541000,
        channel: 'chat:a',
        user: 'ann',
        at: 1795355541000,
      },
    });
    expect(isGenuine(`whsec_${KEY}`, headers, body, Date.now())).toBe(true);
    expect(isGenuine(`whsec_${KEY.toLowerCase()}`, headers, body, Date.now())).toBe(false);
  });

  it('has one id for an event that comes twice, and different ids for different events, for all names of users', async () => {
    const handler = await start();

    await handler(queued({ messageId: '1', user: 'ånn ✨' }));
    await handler(queued({ messageId: '2', user: 'ånn ✨' }));
    await handler(queued({ messageId: '3', user: 'ann' }));

    const [first, second, third] = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(first).toMatch(/^msg_[\w-]{43}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it.each([500, 429, 404, 410])('comes again when the receiver answers %i', async (status) => {
    const handler = await start();
    receiver.answer(status);

    expect(await handler(queued({ messageId: '1', user: 'ann' }))).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }],
    });
  });

  it('follows no redirect of the receiver', async () => {
    await using elsewhere = await startReceiver();
    const handler = await start();
    receiver.answer(307, { Location: elsewhere.url });

    const { batchItemFailures } = await handler(queued({ messageId: '1', user: 'ann' }));

    expect(batchItemFailures).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
  });

  it('comes again when no server answers', async () => {
    const handler = await start('http://127.0.0.1:1/');

    const { batchItemFailures } = await handler(queued({ messageId: '1', user: 'ann' }));

    expect(batchItemFailures).toHaveLength(1);
  });

  it.each(['http://example.com/hook', 'ftp://example.com', 'http://127.0.0.1.example.com/', 'nowhere'])(
    'never goes to %s',
    async (url) => {
      await expect(start(url)).rejects.toThrow();
    },
  );

  it('is not sent when there is no secret', async () => {
    sdk.on(GetSecretValueCommand).rejects(new Error('no secret'));
    const handler = await start();

    await expect(handler(queued({ messageId: '1', user: 'ann' }))).rejects.toThrow('no secret');
    expect(receiver.received).toEqual([]);
  });
});
