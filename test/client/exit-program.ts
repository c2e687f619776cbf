/** Connects to a server that becomes silent, closes, and reports what is left, and the delays of the timers among it. */

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

/** The timers that are started after this call, with their delays in milliseconds. */
function timersFromNowOn(): ReadonlyMap<NodeJS.Timeout, number> {
  const timers = new Map<NodeJS.Timeout, number>();
  const { setTimeout } = globalThis;
  globalThis.setTimeout = Object.assign((run: () => void, ms = 0) => {
    const timer = setTimeout(run, ms);
    timers.set(timer, ms);
    return timer;
  }, setTimeout);
  return timers;
}

// The parent says when the server is silent.
process.once('message', () => {
  const timers = timersFromNowOn();
  connection.close();
  // Sockets that were destroyed now are closed at the end of this turn of the event loop.
  setImmediate(() => {
    setImmediate(() => {
      const left = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|TLS/.test(name));
      // The process does not wait for a timer without a reference, nor for one that was cleared.
      const delays = [...timers].flatMap(([timer, ms]) => (timer.hasRef() ? [ms] : []));
      process.stdout.write(JSON.stringify({ left, delays }));
    });
  });
});
