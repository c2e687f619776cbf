/** The rights at the fallback URL, over the local runtime with the deployed function, its permissions and its tables. */

import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { FallbackStage, newSession } from './fallback-stage.ts';

let stage: FallbackStage;
let mint: Mint;

beforeAll(async () => {
  const { runtime, mint: mintOwn } = await sharedRuntime();
  mint = mintOwn;
  stage = new FallbackStage(runtime);
});

afterAll(() => stage.destroy());

/** `fetch` does not let one say where a page comes from. */
function fromPage(origin: string, method = 'GET', headers: Readonly<Record<string, string>> = {}) {
  const url = stage.target('poll', { session: newSession(), open: '1' });
  return new Promise<{ status: number; allowed: string | undefined }>((resolve, reject) => {
    const asked = request(url, { method, headers: { ...headers, Origin: origin } }, (response) => {
      response.resume();
      response.once('end', () => {
        const allowed = response.headers['access-control-allow-origin'];
        resolve({ status: response.statusCode ?? 0, allowed });
      });
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('the fallback URL', () => {
  it('serves pages of the sites that the stage allows, and refuses pages of other sites', async () => {
    const [own, other] = ['http://localhost:5173', 'https://evil.example'];
    const preflight = { 'Access-Control-Request-Method': 'POST' };

    expect(await fromPage(own)).toEqual({ status: 200, allowed: own });
    expect(await fromPage(own, 'OPTIONS', preflight)).toEqual({ status: 204, allowed: own });
    expect(await fromPage(other)).toEqual({ status: 403, allowed: undefined });
    expect(await fromPage(other, 'OPTIONS', preflight)).toEqual({ status: 403, allowed: undefined });
  });

  it('takes tokens of this stage only', async () => {
    const ask = { path: 'poll', query: { session: newSession(), open: '1' } };
    const now = Math.floor(Date.now() / 1000);
    const expired = await mint('requester', undefined, { issuedAt: now - 7_200, expiresAt: now - 3_600 });

    expect((await stage.ask({ ...ask, token: await mint('requester') })).status).toBe(200);
    expect((await stage.ask({ ...ask, token: expired })).json).toMatchObject({ code: 'token-expired' });
    for (const audience of ['prod', 'local/servers']) {
      const { status, json } = await stage.ask({
        ...ask,
        token: await mint('requester', undefined, { audience }),
      });
      expect([status, json.code]).toEqual([401, 'unauthenticated']);
    }
  });

  it("keeps one user out of another's session", async () => {
    const session = newSession();
    const [ann, bob] = [await mint('requester'), await mint('requesters-neighbour')];
    await stage.ask({ path: 'poll', query: { session, open: '1' }, token: ann });
    const body = { action: 'subscribe', channel: 'chat:private' };

    expect((await stage.ask({ method: 'POST', query: { session }, token: ann, body })).status).toBe(200);
    for (const token of [bob, undefined]) {
      const as = token === undefined ? {} : { token };
      expect((await stage.ask({ method: 'POST', query: { session }, body, ...as })).status).toBe(410);
      expect((await stage.ask({ path: 'poll', query: { session }, ...as })).status).toBe(410);
      expect((await stage.ask({ method: 'DELETE', query: { session }, ...as })).status).toBe(410);
    }
    expect((await stage.ask({ path: 'poll', query: { session }, token: ann })).status).toBe(200);
  });

  it('answers a flood with the time after which to come again', async () => {
    const session = newSession();
    await stage.ask({ path: 'poll', query: { session, open: '1' } });
    const body = Array.from({ length: 100 }, () => ({ action: 'ping' }));
    const flood = async (posts: number) => {
      const asked = Array.from({ length: posts }, () =>
        stage.ask({ method: 'POST', query: { session }, body }),
      );
      const replies = (await Promise.all(asked)).flatMap(({ json }) => json);
      return replies.find(({ event }) => event === 'error');
    };

    // Posts one after the other would never be too many on a slow machine, because the limit is on commands in a second.
    let refused: unknown;
    for (let posts = 8; refused === undefined; posts *= 2) refused = await flood(posts);

    expect(refused).toMatchObject({ code: 'rate-limited', status: 429, retryAfter: expect.any(Number) });
  });

  it('closes a session, and everything about it is gone', async () => {
    const session = newSession();
    const token = await mint('requester-who-closes');
    await stage.ask({ path: 'poll', query: { session, open: '1' }, token });

    expect((await stage.ask({ method: 'DELETE', query: { session }, token })).status).toBe(204);

    expect((await stage.ask({ path: 'poll', query: { session }, token })).json).toMatchObject({
      code: 'gone',
    });
  });
});
