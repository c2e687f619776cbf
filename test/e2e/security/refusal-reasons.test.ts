/** A page of the local runtime gets the reason of a refused handshake from the deployed functions of Fanfare. */

import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../../local/client.ts';
import type { Runtime } from '../../runtime.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';

describe('the reason of a refusal', () => {
  let runtime: Runtime;
  let mint: Mint;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
  });

  /** The newest refusal, as text. */
  async function newest(): Promise<string> {
    const response = await fetch(new URL('/console/refusals.json', runtime.urls.http));
    const [first] = JSON.parse(await response.text());
    return JSON.stringify(first);
  }

  it.each([
    ['has expired', { expiresAt: 1 }, 'The token has expired: get a new one, and connect with that.'],
    ['is for another stage', { audience: 'prod' }, 'The token is for another stage, or for the HTTP API'],
  ])('of a token that %s is a sentence without the token', async (_what, more, reason) => {
    const token = await mint('refused', undefined, more);

    expect(await refusalOf(`${runtime.urls.websocket}?token=${token}`)).toBe(401);
    const text = await newest();
    expect(JSON.parse(text)).toMatchObject({ status: 401, reason: expect.stringContaining(reason) });
    expect(token.split('.').filter((part) => text.includes(part))).toEqual([]);
  });

  it('of a text that is not a token is a sentence without the text', async () => {
    expect(await refusalOf(`${runtime.urls.websocket}?token=no-token-at-all`)).toBe(401);
    const text = await newest();

    expect(text).toContain('This is not a signed token (JWT)');
    expect(text).not.toContain('no-token-at-all');
  });

  it('of a page of another website names the setting', async () => {
    expect(await refusalOf(runtime.urls.websocket, [], { Origin: 'https://evil.example.com' })).toBe(403);

    expect(await newest()).toContain('Pages of this website may not connect: name its origin in `origins`');
  });

  it('of another subprotocol names the right one', async () => {
    expect(await refusalOf(runtime.urls.websocket, ['mqtt'])).toBe(400);

    expect(await newest()).toContain('fanfare.v1 is not among them');
  });
});
