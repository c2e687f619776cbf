/** Each choice where AWS is unknown is an option. The default choices have tests beside the behaviour to which they belong. */

import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CHOICES } from '../../../packages/local/src/gateway/choices.ts';
import { admits, does, neverAnswers, tellsConnectionId } from '../../fixtures/functions.ts';
import { Client, refusalOf } from '../client.ts';
import { managed } from '../managed.ts';
import { serveRoutes } from '../serve-routes.ts';

const replies = (source: string) => ({ source, replies: true });

describe('a choice of the emulator', () => {
  it('connectTimeoutStatus is the status of a $connect that takes too long (HS-5)', async () => {
    const $connect = { source: neverAnswers, integrationTimeoutMs: 50 };

    expect(DEFAULT_CHOICES.connectTimeoutStatus).toBe(504);
    const { url } = await serveRoutes({ $connect }, { choices: { connectTimeoutStatus: 500 } });
    expect(await refusalOf(url)).toBe(500);
  });

  it('plainRequestStatus is the status of a request for the stage that is not an upgrade (HS-9)', async () => {
    const { http } = await serveRoutes({}, { choices: { plainRequestStatus: 403 } });

    expect(await fetch(http)).toMatchObject({ status: 403 });
  });

  it('wrongPathStatus is the status of any other path (HS-9)', async () => {
    const { url, http } = await serveRoutes({}, { choices: { wrongPathStatus: 404 } });

    expect(await refusalOf(`${url}/more`)).toBe(404);
    expect(await fetch(`${http}/more`)).toMatchObject({ status: 404 });
  });

  it('largeAuthorizerResultStatus is the status for a result over 8 KB (AU-4)', async () => {
    const large = does(`const context = { text: 'x'.repeat(9_000) };
      return { principalId: 'ann', context, policyDocument: { Version: '2012-10-17', Statement: [] } };`);
    const $connect = { source: admits, authorizer: { source: large } };
    const { url } = await serveRoutes({ $connect }, { choices: { largeAuthorizerResultStatus: 503 } });

    expect(await refusalOf(url)).toBe(503);
  });

  it('largeReplyMessage is sent instead of a reply over 128 KB (PR-9)', async () => {
    const tooMuch = does(`return { statusCode: 200, body: 'x'.repeat(${MESSAGE_BYTES + 1}) };`);
    const { url } = await serveRoutes(
      { $default: replies(tooMuch) },
      { choices: { largeReplyMessage: 'Payload too large' } },
    );
    const client = await Client.open(url);

    expect(await client.ask('x')).toMatchObject({ message: 'Payload too large' });
  });

  it('throttledMessage is the error for a throttled message (ER-1)', async () => {
    const quotas = { now: () => 0, requests: { ratePerSecond: 1, burst: 1 } };
    const { url } = await serveRoutes({}, { quotas, choices: { throttledMessage: 'Slow down' } });
    const client = await Client.open(url);

    expect(await client.ask('x')).toMatchObject({ message: 'Slow down' });
  });

  it('invalidTextStatus is the status of a post that is not UTF-8 (LM-8)', async () => {
    const { url, http } = await serveRoutes(
      { $default: replies(tellsConnectionId) },
      { choices: { invalidTextStatus: 415 } },
    );
    const client = await Client.open(url);
    client.send('who am I?');
    const resource = `${http}/@connections/${encodeURIComponent(await client.nextText())}`;
    const post = managed(resource, { method: 'POST', body: new Uint8Array([0xff]) });

    expect(await post).toMatchObject({ status: 415 });
  });
});
