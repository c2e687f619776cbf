import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../local/client.ts';
import { type ServedApp, serveApp } from './serve-app.ts';

let app: ServedApp;
let url: string;
let http: string;

beforeAll(async () => {
  app = await serveApp('scoreboard', { Environment: 'live' });
  url = app.runtime.outputs['SocketUrl'] ?? '';
  http = app.runtime.outputs['HttpUrl'] ?? '';
});

afterAll(() => app.runtime.close());

const post = (path: string, body: string) => fetch(http + path, { method: 'POST', body });

describe('a scoreboard behind one function', () => {
  it('has the stage that its parameter, its condition and its mapping make', () => {
    expect(app.runtime.urls.websocket).toMatch(/\/public$/);
    expect(url).toBe(app.runtime.urls.websocket.replace('localhost', '127.0.0.1'));
  });

  it('echoes on the one route that replies', async () => {
    const client = await Client.open(url);

    expect(await client.ask({ type: 'anything' })).toEqual({ echo: '{"type":"anything"}' });
    await client.close();
  });

  it('announces a score that came in by HTTP, from the stream of its table', async () => {
    const client = await Client.open(url);
    const response = await post('/players/ann', '{"points":3}');
    const again = await post('/players/ann', '{"points":4}');

    expect([response.status, await response.json()]).toEqual([201, { player: 'ann', points: 3 }]);
    expect(await again.json()).toEqual({ player: 'ann', points: 7 });
    expect([await client.next(), await client.next()]).toEqual([
      { player: 'ann', points: 3 },
      { player: 'ann', points: 7 },
    ]);
    await client.close();
  });

  it('broadcasts a post to its HTTP API', async () => {
    const client = await Client.open(url);
    const response = await post('/broadcast', 'all hands');

    expect(await response.json()).toMatchObject({ reached: expect.any(Number) });
    expect(await client.next()).toEqual({ announcement: 'all hands' });
    await client.close();
  });
});
