/** Connects to a server that becomes silent, closes, and reports what is left, and the delays of the timers that it has started then. */

import { connect } from 'fanfare-client';
import { connect as connectByAny } from 'fanfare-client/fallback';
import { WebSocket } from 'ws';

const [moment = '', address = ''] = process.argv.slice(2);
const url = `ws://${address}/${moment}`;
const options = { webSocket: WebSocket };
const fallbackUrl = `http://${address}/${moment}`;

const connections = {
  open: () => connect(url, options),
  rotation: () => connect(url, options),
  handshake: () => connect(url, options),
  token: () => connect(url, { ...options, token: () => new Promise<string>(() => {}) }),
  fallback: () => connectByAny(url, { ...options, fallbackUrl }),
  polling: () => connectByAny(url, { ...options, fallbackUrl, transports: ['polling'] }),
};

function isMoment(name: string): name is keyof typeof connections {
  return name in connections;
}

if (!isMoment(moment)) throw new Error(`No moment: ${moment}`);
const connection = connections[moment]();
void connection
  .channel('open:x')
  .publish(1)
  .catch(() => {});
if (moment === 'rotation') connection.on('state', () => connection.renew());

/** The delays of all timers that are started after this call. Milliseconds. */
function delaysFromNowOn(): readonly number[] {
  const delays: number[] = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = Object.assign((run: () => void, ms = 0) => {
    delays.push(ms);
    return setTimeout(run, ms);
  }, setTimeout);
  return delays;
}

// The parent says when the server is silent.
process.once('message', () => {
  const delays = delaysFromNowOn();
  connection.close();
  process.once('exit', () => process.stdout.write(JSON.stringify(delays)));
  // Sockets that were destroyed now are closed at the end of this turn of the event loop.
  setImmediate(() => {
    setImmediate(() => {
      const left = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|TLS/.test(name));
      process.stdout.write(`${JSON.stringify(left)}\n`);
    });
  });
});
