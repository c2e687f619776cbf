/** Attacks by HTTP: on the API for servers, on sessions of others, on the management API and on the console's files. */

import { once } from 'node:events';
import { request } from 'node:http';
import { expect } from 'vitest';
import { newSession } from '../../e2e/fallback/fallback-stage.ts';
import type { AttackedStage, Attacks } from '../attacked-stage.ts';

/** A session that ann has opened, and its name. */
async function sessionOfAnn({ fallback, mint }: AttackedStage): Promise<string> {
  const session = newSession();
  const token = await mint('ann');
  expect((await fallback.ask({ path: 'poll', query: { session, open: '1' }, token })).status).toBe(200);
  return session;
}

const onServers =
  (method: string, path: string, body?: unknown) =>
  async (stage: AttackedStage): Promise<void> => {
    const narrowed = await stage.serverToken({ 'chat:a': ['subscribe', 'publish', 'members'] });
    const { status } = await stage.api(method, path, {
      token: narrowed,
      ...(body !== undefined && { body }),
    });
    expect(status).toBe(403);
  };

const unsigned =
  (headers: Record<string, string>) =>
  async (stage: AttackedStage): Promise<void> => {
    const response = await fetch(`${stage.runtime.urls.http}/@connections/AAAAAAAAAAAAAAA%3D`, {
      method: 'POST',
      headers,
      body: 'hello',
    });
    expect(response.status).toBe(403);
  };

/** A browser would change this path. Here it goes out unchanged. */
const outside =
  (path: string) =>
  async ({ runtime }: AttackedStage): Promise<void> => {
    const { hostname, port } = new URL(runtime.urls.console);
    const asked = request({ host: hostname, port, path: `/console/${path}` }).end();
    const [{ statusCode }] = await once(asked, 'response');
    asked.destroy();
    expect(statusCode).toBe(404);
  };

export const requests: Attacks = {
  'a user’s token opens no HTTP API': async (stage) => {
    const { status } = await stage.api('GET', '/connections', { token: await stage.mint('ann') });
    expect(status).toBe(403);
  },
  'a request without a token opens no HTTP API': async (stage) => {
    expect((await stage.api('GET', '/connections')).status).toBe(401);
  },
  'a token in the query opens no HTTP API': async (stage) => {
    const { status } = await stage.api('GET', `/connections?token=${await stage.serverToken()}`);
    expect(status).toBe(401);
  },
  'a page gets no permission to read the HTTP API': async (stage) => {
    const { headers } = await stage.api('GET', '/channels', { token: await stage.serverToken() });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  },
  'a narrowed server token does not publish elsewhere': async (stage) => {
    const token = await stage.serverToken({ 'chat:a': ['publish'] });
    const { text } = await stage.api('POST', '/messages', { token, body: { channels: ['chat:b'], data: 1 } });
    expect(JSON.parse(text).results).toMatchObject([{ channel: 'chat:b', error: { code: 'forbidden' } }]);
  },
  'a narrowed server token does not read elsewhere': onServers('GET', '/history?channel=chat:b'),
  'a narrowed server token does not list connections': onServers('GET', '/connections'),
  'a narrowed server token does not list channels': onServers('GET', '/channels'),
  'a narrowed server token does not close connections': onServers('DELETE', '/connections?user=ann'),
  'a narrowed server token does not revoke': onServers('POST', '/revocations', { user: 'ann' }),
  'a server that is revoked is out': async (stage) => {
    const token = await stage.mint('rogue', undefined, { audience: 'local/servers' });
    expect((await stage.api('GET', '/channels', { token })).status).toBe(200);
    await stage.api('POST', '/revocations', { token: await stage.serverToken(), body: { user: 'rogue' } });
    expect((await stage.api('GET', '/channels', { token })).status).toBe(403);
  },
  'another user does not poll a session': async (stage) => {
    const session = await sessionOfAnn(stage);
    const { status } = await stage.fallback.ask({
      path: 'poll',
      query: { session },
      token: await stage.mint('bob'),
    });
    expect(status).toBe(410);
  },
  'another user does not end a session': async (stage) => {
    const session = await sessionOfAnn(stage);
    const other = { query: { session }, token: await stage.mint('bob') };
    expect((await stage.fallback.ask({ ...other, method: 'DELETE' })).status).toBe(410);
    const own = { path: 'poll', query: { session }, token: await stage.mint('ann') };
    expect((await stage.fallback.ask(own)).status).toBe(200);
  },
  'an anonymous request does not speak for a session of a user': async (stage) => {
    const session = await sessionOfAnn(stage);
    const body = { action: 'publish', channel: 'chat:room', data: 1 };
    expect((await stage.fallback.ask({ method: 'POST', query: { session }, body })).status).toBe(410);
  },
  'a stream does not begin with a channel that its reader may not have': async (stage) => {
    const query = { channel: ['open:a', '@user:ann'] };
    expect((await stage.fallback.ask({ query })).status).toBe(401);
    expect((await stage.fallback.ask({ query, token: await stage.mint('bob') })).status).toBe(403);
  },
  'a session name that can be guessed is refused': async (stage) => {
    const { status } = await stage.fallback.ask({ path: 'poll', query: { session: 'short', open: '1' } });
    expect(status).toBe(400);
  },
  'a command over HTTP is no larger than one on a socket': async (stage) => {
    const session = await sessionOfAnn(stage);
    const body = { action: 'publish', channel: 'chat:room', data: 'x'.repeat(140_000) };
    const asked = { method: 'POST', query: { session }, token: await stage.mint('ann'), body };
    expect((await stage.fallback.ask(asked)).status).toBe(413);
  },
  'a header does not say who is signed in': async (stage) => {
    const session = await sessionOfAnn(stage);
    const headers = { 'X-Amzn-Oidc-Identity': 'ann', 'X-Forwarded-User': 'ann' };
    expect((await stage.fallback.ask({ path: 'poll', query: { session }, headers })).status).toBe(410);
  },
  'the management API takes no unsigned request': unsigned({}),
  'the management API takes no signature of another key': unsigned({
    'X-Amz-Date': '20990101T000000Z',
    Authorization: `AWS4-HMAC-SHA256 Credential=AKIAEVIL/20990101/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  }),
  'the console serves no file outside its own': outside('..%2f..%2fpackage.json'),
  'the console serves no file by a path that climbs': outside('../../fanfare.config.ts'),
};
