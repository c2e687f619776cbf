/** Errors that no promise and no listener tells the application: the console shows them. */

import { connect } from 'fanfare-client';
import { messagesOf } from 'fanfare-client/history';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeServer, refusal } from './fake-server.ts';

const FORBIDDEN = refusal('forbidden', 403);
let lines: unknown[][];

beforeEach(() => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  lines = warn.mock.calls;
  onTestFinished(() => warn.mockRestore());
});

async function refusing(action: string) {
  const server = new FakeServer();
  server.script = (command) => (command.action === action ? FORBIDDEN : undefined);
  const clock = new FakeClock();
  const connection = connect('ws://fake', { webSocket: server.webSocket, clock });
  onTestFinished(() => connection.close());
  await settle();
  return { server, clock, connection };
}

describe('the console shows in one line', () => {
  it('the channel, the code and the sentence of a refused subscribe, once', async () => {
    const { clock, connection } = await refusing('subscribe');

    connection.channel('open:x').subscribe(() => {});
    await clock.pass(600_000);

    expect(lines).toEqual([['fanfare', 'open:x', 'It is forbidden.']]);
  });

  it('that missed messages may not be read', async () => {
    const { server, clock, connection } = await refusing('history');
    server.channel('open:x').append('missed');
    server.replyBytes = 10;

    connection.channel('open:x').subscribe(() => {}, { after: 0 });
    await clock.pass(10_000);

    expect(lines).toEqual([['fanfare', 'open:x', 'It is forbidden.']]);
  });

  it('an error of the server that answers no command', async () => {
    const { server } = await refusing('none');

    server.socket.push({ ...FORBIDDEN });
    await settle();

    expect(lines).toEqual([['fanfare', 'connection', 'It is forbidden.']]);
  });

  it('that there is no socket, without the cause, which may quote the token', async () => {
    const token = () => Promise.reject(new Error('The subprotocol "secret" is invalid'));
    const connection = connect('ws://fake', {
      webSocket: new FakeServer().webSocket,
      clock: new FakeClock(),
      token,
    });
    onTestFinished(() => connection.close());
    await settle();

    expect(lines).toEqual([['fanfare', 'connection', 'no socket']]);
  });
});

describe('the console stays quiet', () => {
  it('with a listener for errors', async () => {
    const { connection } = await refusing('subscribe');
    const heard: Error[] = [];
    connection.on('error', (error) => heard.push(error));

    connection.channel('open:x').subscribe(() => {});
    await settle();

    expect(heard).toMatchObject([{ code: 'forbidden' }]);
    expect(lines).toEqual([]);
  });

  it('with `onEnd` of the subscription, and for a loop, which throws', async () => {
    const { connection } = await refusing('subscribe');
    const ended: unknown[] = [];

    connection.channel('open:x').subscribe(() => {}, { onEnd: (error) => ended.push(error) });
    await expect(messagesOf(connection.channel('open:y')).next()).rejects.toMatchObject({
      code: 'forbidden',
    });

    expect(ended).toMatchObject([{ code: 'forbidden' }]);
    expect(lines).toEqual([]);
  });
});
