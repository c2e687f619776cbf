/** A process whose connection is closed while the server is silent. */

import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { expect, it, onTestFinished } from 'vitest';

const PROGRAM = 'test/client/exit-program.ts';

/** RFC 6455, section 1.3. */
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Accepts WebSockets, but for those of `/handshake`, and says nothing more, on no connection. */
async function silentServer(
  onRequest: () => void,
): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer(onRequest);
  server.on('upgrade', ({ url, headers }, socket) => {
    socket.on('error', () => {});
    if (url !== '/handshake') {
      const accepted = createHash('sha1')
        .update(`${headers['sec-websocket-key']}${KEY_SUFFIX}`)
        .digest('base64');
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `Sec-WebSocket-Accept: ${accepted}\r\nSec-WebSocket-Protocol: fanfare.v1\r\n\r\n`,
      );
    }
    onRequest();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const place = server.address();
  if (typeof place !== 'object' || place === null) throw new Error('The server has no address');
  return { server, address: `127.0.0.1:${place.port}` };
}

const report = v.object({ left: v.array(v.string()), delays: v.array(v.number()) });

/** What is left right after `close()`, and the delays of the timers among it. It settles when the process has ended. */
async function exitOf(moment: string): Promise<v.InferOutput<typeof report>> {
  let requests = 0;
  let reached = () => {};
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const { address } = await silentServer(() => {
    requests += 1;
    if (requests === (moment === 'rotation' ? 2 : 1)) reached();
  });
  const child = fork(PROGRAM, [moment, address], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill());
  if (!child.stdout) throw new Error('The process has no output');
  const output = text(child.stdout);
  // A token function that hangs never reaches the server.
  if (moment === 'token') await once(child, 'spawn');
  else await isReached;
  child.send('silent');
  return v.parse(report, JSON.parse(await output));
}

it.each(['open', 'rotation', 'handshake', 'token', 'fallback'])(
  'Node exits at once, without a timer or a socket left: %s',
  async (moment) => {
    expect((await exitOf(moment)).left).toEqual([]);
  },
);

it('Node waits for no timer of a second while the request that ends an HTTP session gets no answer, and exits', async () => {
  const { left, delays } = await exitOf('polling');

  expect(left.filter((name) => name === 'Timeout')).toHaveLength(delays.length);
  expect(delays.filter((ms) => ms >= 1_000)).toEqual([]);
});
