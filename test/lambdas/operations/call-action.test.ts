/** `POST /actions/{name}`: the actions of the application, for servers. */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Grants } from '../../../lambdas/identity/grants.ts';
import { action } from '../../../lambdas/own-logic/own-action.ts';
import { refuse } from '../../../lambdas/own-logic/refusal.ts';
import { ask, config, SERVER } from './server-requests.ts';

const request = (data: unknown, key?: string) => ({ parameters: { name: 'count' }, body: { data, key } });

function counting() {
  let runs = 0;
  const count = action(v.string(), () => ++runs, { access: 'servers', idempotent: true });
  return { config: { ...config, actions: { count } } };
}

describe('an action that a server calls', () => {
  it('is answered with its result', async () => {
    expect(await ask('callAction', request('a'), counting())).toEqual({ status: 200, body: { data: 1 } });
  });

  it('is refused with the status of the code', async () => {
    const closed = action(v.unknown(), () => refuse('The poll is closed.'));
    const given = { config: { ...config, actions: { count: closed } } };

    expect(await ask('callAction', request('a'), given)).toEqual({
      status: 422,
      body: { code: 'rejected', status: 422, message: 'The poll is closed.' },
    });
    expect(await ask('callAction', request(7), counting())).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^data: /) },
    });
  });

  it.each(['toString', '__proto__', 'other', 'my action', 'publish'])('is not found as %s', async (name) => {
    const { status } = await ask('callAction', { parameters: { name }, body: {} }, counting());

    expect([400, 404]).toContain(status);
  });

  it('runs once for a key of this server, and again for that of another one', async () => {
    const given = counting();

    const first = await ask('callAction', request('a', 'k'), given);
    const again = await ask('callAction', request('a', 'k'), given);
    const other = await ask('callAction', request('a', 'k'), { ...given, sender: { ...SERVER, id: 'shop' } });

    expect([first, again, other].map(({ body }) => body)).toEqual([{ data: 1 }, { data: 1 }, { data: 2 }]);
  });

  it('does not run for a token that names channels', async () => {
    const grants: Grants = { 'news:*': ['publish'] };
    const given = { ...counting(), grants };

    expect(await ask('callAction', request('a'), given)).toMatchObject({ status: 403 });
  });
});
