/** Requests that the client for servers refuses before it sends them. */

import { FanfareServer } from 'fanfare-client/server';
import { expect, it } from 'vitest';

it('refuses data that would arrive as something else, and sends nothing', async () => {
  let requests = 0;
  const fetch = async () => {
    requests += 1;
    return Response.json({ results: [] });
  };
  const server = new FanfareServer('http://localhost/stage', { token: 'token', fetch });

  for (const data of [Number.NaN, { deep: [Number.NEGATIVE_INFINITY] }, 1n])
    await expect(server.call('publish', { channels: ['public:x'], data })).rejects.toMatchObject({
      code: 'bad-request',
    });

  expect(requests).toBe(0);
});
