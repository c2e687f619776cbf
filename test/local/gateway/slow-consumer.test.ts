import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { tellsConnectionId } from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { managed } from '../managed.ts';
import { serveRoutes } from '../serve-routes.ts';

/** More than the operating system takes on behalf of a client that reads nothing. */
const MANY = 400;

describe('a client that does not read', () => {
  it('causes 429 to posts once its buffer is full, and gets all accepted messages when it reads again (MG-10)', async () => {
    const choices = { sendBufferBytes: 2 * MESSAGE_BYTES };
    const { url, http } = await serveRoutes(
      { $default: { source: tellsConnectionId, replies: true } },
      { choices },
    );
    const client = await Client.open(url);
    client.send('who am I?');
    const resource = `${http}/@connections/${encodeURIComponent(await client.nextText())}`;
    const post = (body: string) => managed(resource, { method: 'POST', body });

    client.socket.pause();
    let accepted = 0;
    let last = await post('x'.repeat(MESSAGE_BYTES));
    for (; last.status === 200 && accepted < MANY; accepted++) last = await post('x'.repeat(MESSAGE_BYTES));

    expect([last.status, last.headers.get('x-amzn-ErrorType')]).toEqual([429, 'LimitExceededException']);
    expect(client.socket.readyState).toBe(client.socket.OPEN);

    client.socket.resume();
    for (let message = 0; message < accepted; message++) await client.nextText();
    expect(await post('"last"')).toMatchObject({ status: 200 });
    expect(await client.next()).toBe('last');
  });
});
