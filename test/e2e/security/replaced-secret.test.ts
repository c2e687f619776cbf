/** The token secret is replaced while clients connect and a server asks: no valid token is refused. */

import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endPreviousSecret, type Replacement, replaceSecret } from '../../../bin/secret-replacement.ts';
import { serverAudience, tokenSecretName } from '../../../lambdas/identity/own-token.ts';
import { stackNameOf } from '../../../lib/settings/stack-name.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { mintFor } from '../../tokens.ts';
import { knock } from './knock.ts';

describe('the token secret, replaced under load', () => {
  let runtime: Runtime;
  let replacement: Replacement;

  beforeAll(async () => {
    runtime = await startRuntime();
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new SecretsManagerClient({
      endpoint: runtime.urls.secretsManager,
      region: 'us-east-1',
      credentials,
    });
    replacement = {
      client,
      id: tokenSecretName(stackNameOf('local')),
      now: Date.now,
      wait: async () => {},
    };
  });

  afterAll(async () => {
    replacement.client.destroy();
    await runtime.close();
  });

  /** Whether a handshake and a request of a server succeed with tokens of this secret. */
  async function outcomes(mint: Awaited<ReturnType<typeof mintFor>>) {
    const [token, serverToken] = await Promise.all([
      mint('ann'),
      mint('billing', undefined, { audience: serverAudience('local') }),
    ]);
    const [socket, response] = await Promise.all([
      knock(runtime.urls.websocket, [SUBPROTOCOL, token]),
      fetch(`${runtime.urls.http}/channels`, { headers: { authorization: `Bearer ${serverToken}` } }),
    ]);
    if (typeof socket !== 'number') socket.kill();
    return [typeof socket === 'number' ? socket : 'connected', response.status];
  }

  it('refuses no token of either secret, in the authorizers of clients and of servers', async () => {
    const accepted = ['connected', 200];
    const before = await mintFor(runtime);
    expect(await outcomes(before)).toEqual(accepted);

    let isReplaced = false;
    const underLoad = async () => {
      const seen: unknown[] = [];
      do seen.push(await outcomes(before));
      while (!isReplaced);
      return seen;
    };
    const replace = async () => {
      try {
        await replaceSecret(replacement);
        const after = await mintFor(runtime);
        return [await outcomes(after), await outcomes(before), await outcomes(after)];
      } finally {
        isReplaced = true;
      }
    };
    const [seen, replaced] = await Promise.all([underLoad(), replace()]);
    expect(seen).toEqual(seen.map(() => accepted));
    expect(replaced).toEqual([accepted, accepted, accepted]);

    expect(await endPreviousSecret(replacement)).toBe(true);
    expect(await outcomes(await mintFor(runtime))).toEqual(accepted);
  });
});
