/** The app as it is deployed, on this machine: `npm test`. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Connection, connect, type FanfareError } from 'fanfare-client';
import { messagesOf } from 'fanfare-client/history';
import type { ServedApp } from 'fanfare-local';
import { WebSocket } from 'ws';
import { startBackend } from '../local/backend.ts';

let app: ServedApp | undefined;
const connections: Connection[] = [];

before(async () => {
  app = await startBackend();
});

after(async () => {
  for (const connection of connections) connection.close();
  await app?.close();
});

/** The chat as one more person has it. */
function lobby() {
  const connection = connect(app?.runtime.urls.websocket ?? '', { webSocket: WebSocket });
  connections.push(connection);
  return connection.channel('chat:lobby');
}

/** A client tries for ever to connect, so that a test needs an end. Milliseconds. */
const timeout = 60_000;

test('a message reaches the other people in the chat, also one who comes later', { timeout }, async () => {
  const [ann, ben] = [lobby(), lobby()];
  await ann.publish('Hello');

  for await (const { data } of messagesOf(ben, { after: 0 })) {
    assert.equal(data, 'Hello');
    break;
  }
});

test('a message of more than 500 characters is refused, with a sentence', { timeout }, async () => {
  const ann = lobby();
  await ann.publish('x'.repeat(500));

  await assert.rejects(ann.publish('x'.repeat(501)), ({ code, message }: FanfareError) => {
    assert.equal(code, 'rejected');
    assert.equal(message, 'A message is a text of at most 500 characters.');
    return true;
  });
});
