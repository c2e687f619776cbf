import { describe, expect, it } from 'vitest';
import { Refusals } from '../../../packages/local/src/gateway/refusals.ts';
import { accepts, does } from '../../fixtures/functions.ts';
import { Client, refusalOf } from '../client.ts';
import { serveRoutes } from '../serve-routes.ts';

/** The line that a function logs about a connection. */
const logged = (connectionId: string, reason: string) =>
  JSON.stringify({ level: 'INFO', message: 'A handshake was refused', reason, connectionId });

/** Logs why, as `lambdas/authorize.ts` does, and refuses. */
const UNAUTHORIZED = does(`
  const { connectionId } = event.requestContext;
  console.log(JSON.stringify({ reason: 'The token has expired.', connectionId }));
  throw new Error('Unauthorized');`);

describe('the list of refusals', () => {
  it('has the time, the status and the reason that the function logged for this handshake', () => {
    const refusals = new Refusals(() => 1_795_990_000_000);
    refusals.heard(logged('a', 'The token has expired.'));
    refusals.heard(logged('b', 'Another one.'));
    refusals.refused(401, { connectionId: 'a' });

    expect(refusals.list()).toEqual([
      { time: 1_795_990_000_000, status: 401, reason: 'The token has expired.' },
    ]);
  });

  it('has the reason also when its log line arrives after the refusal', () => {
    const refusals = new Refusals();
    refusals.refused(401, { connectionId: 'a' });
    refusals.heard(logged('a', 'The token has expired.'));

    expect(refusals.list()).toMatchObject([{ reason: 'The token has expired.' }]);
  });

  it.each([400, 401, 403, 429, 500, 502, 504])(
    'has a sentence for the status %i if no function logs a reason',
    (status) => {
      const refusals = new Refusals();
      refusals.heard('"connectionId" "reason": no JSON');
      refusals.heard('{"connectionId":"a","reason":1}');
      refusals.refused(status, { connectionId: 'a' });

      const [refusal] = refusals.list();
      expect(refusal?.reason).toMatch(/^[A-Z].+\.$/);
      expect(refusal?.reason).not.toContain(String(status));
    },
  );

  it('has the status itself if no sentence exists for it', () => {
    const refusals = new Refusals();
    refusals.refused(418, {});

    expect(refusals.list()).toMatchObject([{ status: 418, reason: 'Status 418.' }]);
  });

  it('holds the newest 20, the newest first', () => {
    const refusals = new Refusals();
    for (let status = 400; status < 425; status++) refusals.refused(status, {});

    expect(refusals.list().map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, index) => 424 - index),
    );
  });

  it('forgets the oldest logged reason after 100', () => {
    const refusals = new Refusals();
    for (let index = 0; index <= 100; index++) refusals.heard(logged(`c${index}`, `Reason ${index}.`));
    refusals.refused(401, { connectionId: 'c0' });
    refusals.refused(401, { connectionId: 'c100' });

    expect(refusals.list().map(({ reason }) => reason)).toEqual([
      'Reason 100.',
      'The handshake has no token, or one that is not accepted.',
    ]);
  });
});

describe('a page of the runtime', () => {
  /** An authorizer that refuses, and a client that was refused. */
  async function refused() {
    const authorizer = { source: UNAUTHORIZED };
    const served = await serveRoutes({ $connect: { source: accepts, authorizer } });
    const origin = new URL(served.http).origin;
    expect(await refusalOf(`${served.url}?token=secret-of-the-query`)).toBe(401);
    // The line of the function has arrived when it is here as well.
    await served.output.next();
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${origin}/console/refusals.json`, { headers });
    return { ask, origin, url: served.url };
  }

  it('learns why a handshake was refused, but no text of the client', async () => {
    const { ask } = await refused();
    const response = await ask({ 'Sec-Fetch-Site': 'same-origin' });
    const text = await response.text();

    expect(JSON.parse(text)).toEqual([
      { time: expect.any(Number), status: 401, reason: 'The token has expired.' },
    ]);
    expect(text).not.toContain('secret-of-the-query');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('learns of handshakes that reached no function', async () => {
    const { ask, origin } = await refused();
    const elsewhere = new URL('/other', origin);
    elsewhere.protocol = 'ws:';
    expect(await refusalOf(elsewhere.href)).toBe(403);

    expect(await (await ask()).json()).toMatchObject([
      { status: 403, reason: 'There is no WebSocket API at this path.' },
      { status: 401 },
    ]);
  });

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ Origin: 'http://localhost:1' }],
    [{ Origin: 'null' }],
  ])('of another site learns nothing: %j', async (headers) => {
    const { ask } = await refused();
    const response = await ask(headers);

    expect(response.status).toBe(403);
    expect(await response.text()).toContain('it comes from a page of another site');
  });

  it('cannot use another method', async () => {
    const { origin } = await refused();

    expect((await fetch(`${origin}/console/refusals.json`, { method: 'POST' })).status).toBe(405);
  });
});

describe('a handshake that succeeds', () => {
  it('is not among the refusals', async () => {
    const { url, http } = await serveRoutes({ $connect: accepts });
    const client = await Client.open(url);
    await client.close();

    expect(await (await fetch(new URL('/console/refusals.json', http))).json()).toEqual([]);
  });
});
