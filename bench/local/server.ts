/** A process that serves WebSockets until its parent leaves: the local runtime, or the server with which it is compared. */

import { type RuntimeOptions, startRuntime } from 'fanfare-local';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import * as v from 'valibot';
import { withFanfare } from '../../bin/fanfare-runtime.ts';
import { tellParent } from '../child.ts';
import { startRawServer } from './raw-server.ts';
import { type Consumption, type Served, type ServerKind, serverOrder } from './server-messages.ts';
import { assembleSmallApp } from './small-app.ts';

const servers: Readonly<Record<ServerKind, () => Promise<Served>>> = {
  raw: startRawServer,
  small: async () => ({ ...(await urlsOf({ assemble: assembleSmallApp })), protocols: [] }),
  fanfare: async () => ({ ...(await urlsOf(withFanfare())), protocols: [SUBPROTOCOL] }),
};

const { kind } = v.parse(serverOrder, JSON.parse(process.argv[2] ?? '{}'));
tellParent(await servers[kind]());

async function urlsOf(options: RuntimeOptions): Promise<Pick<Served, 'websocket' | 'http'>> {
  const { urls } = await startRuntime({ ...options, onOutput: print });
  return { websocket: urls.websocket, http: urls.http };
}

function print(functionName: string, line: string): void {
  process.stderr.write(`[${functionName}] ${line}\n`);
}

process.on('message', () => {
  globalThis.gc?.();
  const residentBytes = process.memoryUsage.rss();
  const { user, system } = process.cpuUsage();
  tellParent({ cpuMicroseconds: user + system, residentBytes } satisfies Consumption);
});
process.on('disconnect', () => process.exit());
