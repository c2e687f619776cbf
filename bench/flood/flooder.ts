/** A client, in a process of its own, that sends commands at a given rate and counts their outcomes. */

import { once } from 'node:events';
import { setInterval as every } from 'node:timers/promises';
import { errorEvent } from 'fanfare-protocol/events';
import { COMMANDS_PER_FRAME } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { tellParent } from '../child.ts';
import { type FlooderReport, flooderOrder, NOTHING } from './messages.ts';

const { url, perSecond, perFrame, hasBurst, seconds } = v.parse(
  flooderOrder,
  JSON.parse(process.argv[2] ?? '{}'),
);

/** Sends in small groups, because timers are too coarse for single commands. */
const TICK_MS = 10;

/** More than the allowance of all containers together. It is used up once each container has refused some commands. */
const AFTERWARDS = 500;

const command = { action: 'publish', channel: 'open:flood', data: 'x'.repeat(100) };
const frame = JSON.stringify(perFrame > 1 ? Array.from({ length: perFrame }, () => command) : command);
const socket = new WebSocket(url, ['fanfare.v1']);
const report: FlooderReport = { ...NOTHING };

socket.on('message', (data) => {
  const reply: unknown = JSON.parse(data.toString());
  for (const one of [reply].flat()) count(one);
});
await new Promise((resolve) => socket.on('open', resolve));

if (!hasBurst) await useUpBurst();
tellParent({ isReady: true });

const startedAt = performance.now();
for await (const _ of every(TICK_MS)) {
  const elapsed = (performance.now() - startedAt) / 1000;
  if (elapsed > seconds) break;
  for (; report.sent < elapsed * perSecond; report.sent += perFrame) socket.send(frame);
}
// Commands that are still on their way must not slow down the next measurement.
while (report.accepted + report.limited + report.other < report.sent) await once(socket, 'message');
tellParent(report);
socket.terminate();

function count(reply: unknown): void {
  const { success, output } = v.safeParse(errorEvent, reply);
  if (!success) report.accepted += 1;
  else if (output.code !== 'rate-limited') report.other += 1;
  else {
    report.limited += 1;
    if (output.retryAfter !== undefined && output.retryAfter > 0) report.withRetryAfter += 1;
  }
}

/** The burst of a quiet connection is not a flood yet. Pings in arrays use it up within moments, and the allowances of the containers as well. */
async function useUpBurst(): Promise<void> {
  const ping = { action: 'ping' };
  const pings = JSON.stringify(Array.from({ length: COMMANDS_PER_FRAME }, () => ping));
  while (report.limited === 0) {
    socket.send(pings);
    await once(socket, 'message');
  }
  Object.assign(report, NOTHING);
  for (let n = 0; n < AFTERWARDS; n++) socket.send(JSON.stringify(ping));
  while (report.accepted + report.limited + report.other < AFTERWARDS) await once(socket, 'message');
  Object.assign(report, NOTHING);
}
