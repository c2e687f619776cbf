/** A client that subscribes and then publishes gets its own message from the real functions, which may run two frames at once. */

import { type Connection, connect } from 'fanfare-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { PATIENT_CLIENT } from '../patient-client.ts';
import { tries } from '../running/counts.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';

/** Without the wait for the subscribe, 3 of 51 clients missed a message. At that rate, 45 clients overlook the fault once in 15 runs, and 201 once in 170,000. */
const CLIENTS = tries({ short: 45, long: 201 });

/** This many handshakes at once leave a laptop free for other work. */
const AT_ONCE = 25;

/** The first and the second channel of each client, with history and without. Only `open` takes publishes without a token. */
const kinds = [
  { hasToken: false, namespaces: ['open', 'open'] },
  { hasToken: true, namespaces: ['open', 'live'] },
  { hasToken: true, namespaces: ['live', 'open'] },
] as const;

describe('a client that subscribes and then publishes', () => {
  let runtime: Runtime;
  let mint: Mint;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
  });

  it('gets its message each time, with a token and without, on a new connection and on an old one', async () => {
    const numbers = Array.from({ length: CLIENTS }, (_, number) => number);
    const seen: (readonly number[])[] = [];
    while (numbers.length > 0) seen.push(...(await Promise.all(numbers.splice(0, AT_ONCE).map(speak))));

    expect(seen).toEqual(Array.from({ length: CLIENTS }, () => [1, 1]));
  });

  /** One client, on a new connection and on the same when it is old: how often it sees each of its messages. */
  async function speak(number: number): Promise<readonly [number, number]> {
    const { hasToken, namespaces } = kinds[number % kinds.length] ?? kinds[0];
    const token = hasToken && (await mint(`echo-${number}`));
    const connection = connect(runtime.urls.websocket, {
      webSocket: WebSocket,
      ...PATIENT_CLIENT,
      ...(token && { token }),
    });
    const onNew = await echo(connection, `${namespaces[0]}:new-${number}`);
    const onOld = await echo(connection, `${namespaces[1]}:old-${number}`);
    connection.close();
    return [onNew, onOld];
  }
});

/** How often a handler has got the message that is published right after its subscribe, at the time of the acknowledgement. */
async function echo(connection: Connection, name: string): Promise<number> {
  const got: unknown[] = [];
  const channel = connection.channel(name);
  channel.subscribe(({ data }) => got.push(data));
  // A publish is answered when its posts have been made, and a socket is in order.
  await channel.publish(name);
  return got.filter((data) => data === name).length;
}
