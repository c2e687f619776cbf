/** A page that comes out of the back/forward cache, simulated: the browser of the tests runs without this cache. */

import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { stubWindow } from './fallback/window.ts';
import { follow } from './follow.ts';

describe('a page that comes out of the back/forward cache', () => {
  it.each([
    ['closed its socket meanwhile', 'cut'],
    ['let its socket die in silence', 'isDead'],
  ] as const)('gets what it missed, if the browser %s', async (_what, how) => {
    const { happen } = stubWindow();
    const { server, clock, connection } = await connected();
    const { got, subscription } = follow(connection, 'open:x');
    await subscription.ready;
    const { socket } = server;
    socket.isDead = true;
    server.say('open:x', 'while it was frozen');

    if (how === 'cut') socket.cut();
    happen('pageshow');
    happen('visibilitychange');
    await clock.pass(10_000);

    expect(got).toEqual(['while it was frozen']);
    expect(server.open.length).toBe(how === 'cut' ? 1 : 2);
  });
});
