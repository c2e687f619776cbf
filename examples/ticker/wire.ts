/** The same prices without a library: a `WebSocket` of the browser, and the frames on it. */

import { channelOf } from './bases.ts';
import { record } from './log.ts';

const TARGET = { action: 'subscribe', target: 'EUR' };

/** A program that says `target` needs this line: here the target is a channel, whose name begins with its namespace. */
const withChannel = ({ action, target }: typeof TARGET) => ({ action, channel: channelOf(target) });

const COMMANDS = [TARGET, withChannel(TARGET), { action: 'unsubscribe', channel: channelOf('EUR') }];

export function openWire(): void {
  const socket = new WebSocket(`ws://${location.host}/local`);
  socket.addEventListener('message', ({ data }) => record('frames', `← ${data}`));
  socket.addEventListener('close', ({ code }) => record('frames', `closed with ${code}`));

  for (const command of COMMANDS) {
    const frame = JSON.stringify(command);
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: frame });
    button.addEventListener('click', () => {
      record('frames', `→ ${frame}`);
      socket.send(frame);
    });
    document.getElementById('commands')?.append(button);
  }
}
