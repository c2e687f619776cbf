/** What AWS would charge for an hour of an example: its load, on a local stage whose meter counts. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Connection, connect } from 'fanfare-client';
import { FanfareServer } from 'fanfare-client/server';
import { billReport, type Runtime, startRuntime } from 'fanfare-local';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { CommandLineError } from '../command-line.ts';
import { withFanfare } from '../fanfare-runtime.ts';
import { EXAMPLES } from './examples.ts';
import { serverToken, userToken } from './sign-in.ts';

const HOUR_MS = 3_600_000;

/** What each run of a function is charged for, because how long it takes on this machine says nothing about AWS. Milliseconds. */
const DURATION_MS = 20;

const loadModule = v.object({ load: v.object({ what: v.string(), hour: v.function() }) });

/**
 * @returns the bill line by line, and its total in a sentence
 * @throws CommandLineError if the example has no load.
 */
export async function costOf(name: string): Promise<string> {
  const { what, hour } = await loadOf(name);
  let nowMs = Date.now();
  const billing = { now: () => nowMs, durationOf: () => DURATION_MS };
  const runtime = await startRuntime(withFanfare({ billing }));
  const people: Connection[] = [];
  try {
    const { origin } = new URL(runtime.urls.console);
    await hour({
      server: new FanfareServer(runtime.urls.http, { token: await serverToken('load', origin) }),
      connect: async (user: string) => {
        people.push(connectTo(runtime, await userToken(user, origin)));
        return people.at(-1);
      },
    });
    await runtime.idle();
    nowMs += HOUR_MS - 1;
    const bill = runtime.meter.bill();
    const assumed = `Each run of a function counts as ${DURATION_MS} ms.`;
    return `${billReport(bill)}\n${assumed}\nAn hour of ${what}: $${Number(bill.total).toFixed(3)}`;
  } finally {
    for (const person of people) person.close();
    await runtime.close();
  }
}

async function loadOf(name: string) {
  const file = path.join(EXAMPLES, name, 'load.ts');
  if (!existsSync(file)) throw new CommandLineError(`There is no examples/${name}/load.ts.`);
  return v.parse(loadModule, await import(pathToFileURL(file).href)).load;
}

function connectTo({ urls }: Runtime, token: string): Connection {
  return connect(urls.websocket, {
    token,
    webSocket: WebSocket,
    // Of a machine that runs all functions by itself.
    requestTimeoutMs: 60_000,
  });
}
