/** The DynamoDB APIs that store-backed tests run on: the embedded one everywhere, a second opinion where it exists. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { startEmbeddedStore } from '../../packages/local/src/dynamodb/embedded-store.ts';

export interface DynamoDbApi {
  readonly url: string;
  close(): Promise<void>;
}

export interface DynamoDbTarget {
  readonly name: string;
  readonly start: () => Promise<DynamoDbApi>;
}

/** A static binary from the registry, of higher fidelity; an optional dependency, for Linux on x64. */
const DYNOXIDE = '@dynoxide/linux-x64/dynoxide';

export function dynamoDbTargets(): readonly DynamoDbTarget[] {
  const embedded = { name: 'the embedded DynamoDB', start: startEmbeddedStore };
  const binary = dynoxideBinary();
  return binary ? [embedded, { name: 'dynoxide', start: () => startDynoxide(binary) }] : [embedded];
}

function dynoxideBinary(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(DYNOXIDE);
  } catch {
    return undefined;
  }
}

async function startDynoxide(binary: string): Promise<DynamoDbApi> {
  const port = await freePort();
  const server = spawn(binary, ['--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // It cannot choose a port itself, and the one that was free may have been taken meanwhile.
  if (!(await listens(server))) return startDynoxide(binary);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const exited = once(server, 'exit');
      server.kill();
      await exited;
    },
  };
}

async function listens(server: ChildProcess): Promise<boolean> {
  if (!server.stderr) return false;
  for await (const line of createInterface(server.stderr)) if (line.includes('listening')) return true;
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new Error('No free port');
  return address.port;
}
