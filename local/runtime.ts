/** The local runtime: template in, a running backend out. One composition point, and one `close` for all of it. */

import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONNECTION_LIFETIME_MS, IDLE_TIMEOUT_MS } from '../protocol/limits.ts';
import { createTables } from './dynamodb/create-tables.ts';
import { startEmbeddedStore } from './dynamodb/embedded-store.ts';
import { DEFAULT_ENVIRONMENTS } from './functions/function-pool.ts';
import { Functions, type FunctionsOptions } from './functions/functions.ts';
import type { Timers } from './gateway/connection.ts';
import { listen } from './gateway/listen.ts';
import { serve } from './gateway/server.ts';
import { WebSocketApi } from './gateway/web-socket-api.ts';
import { type Assembly, synthesize } from './synthesize.ts';
import { REGION } from './template/account.ts';
import { readAppModel } from './template/app-model.ts';

export interface RuntimeOptions extends Partial<FunctionsOptions> {
  /** @default 0, any free port */
  readonly port?: number;
  /** A DynamoDB API to use instead of the embedded one. */
  readonly dynamodbEndpoint?: string | undefined;
  /** @default the platform's own */
  readonly timers?: Partial<Timers>;
  /** Where the app comes from; the Fanfare app itself unless a test brings its own. */
  readonly assemble?: (outdir: string) => Promise<Assembly>;
}

export interface Urls {
  /** Clients connect here. */
  readonly websocket: string;
  /** The plain HTTP side: the management API is below its stage. */
  readonly http: string;
  readonly console: string;
  readonly dynamodb: string;
  /** The API of Lambda, as far as it invokes functions. */
  readonly lambda: string;
}

export interface Runtime {
  readonly urls: Urls;
  /** Names of the tables, as they are in the DynamoDB API. */
  readonly tables: readonly string[];
  readonly functions: Functions;
  readonly functionNames: readonly string[];
  /** Builds the source again and puts it in place of the running code. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts everything.
 *
 * @throws StartError or BundleError, in one sentence, for what its user can mend.
 */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const cleanups: Cleanup[] = [];
  try {
    const runtime = await start(options, (cleanup) => cleanups.unshift(cleanup));
    return { ...runtime, close: () => runAll(cleanups.splice(0)) };
  } catch (error) {
    await runAll(cleanups);
    throw error;
  }
}

type Cleanup = () => void | Promise<void>;

async function start(
  options: RuntimeOptions,
  onClose: (cleanup: Cleanup) => void,
): Promise<Omit<Runtime, 'close'>> {
  const assemble = options.assemble ?? ((folder: string) => synthesize(folder));
  const timers = { idleTimeoutMs: IDLE_TIMEOUT_MS, lifetimeMs: CONNECTION_LIFETIME_MS, ...options.timers };
  const settings = { maxEnvironments: DEFAULT_ENVIRONMENTS, onOutput: () => {}, ...options };
  const outdir = await mkdtemp(path.join(tmpdir(), 'fanfare-'));
  onClose(() => rm(outdir, { recursive: true, force: true }));
  const assembly = await assemble(outdir);
  const model = readAppModel(assembly.template);

  const dynamodb = options.dynamodbEndpoint ?? (await embeddedStore(onClose));
  await createTables(dynamodb, model.tables);

  const { port, servers } = await listen(options.port ?? 0);
  onClose(() => closeAll(servers));
  const apiHost = `${model.apiId}.execute-api.${REGION}.amazonaws.com`;
  const localHost = `127.0.0.1:${port}`;
  const functions = new Functions({ apiHost, localHost, dynamodb }, settings);
  onClose(() => functions.stop());
  functions.load(model.functions, assembly.codeFolder);

  const invoke = (name: string, event: unknown) => functions.invoke(name, event);
  const api = new WebSocketApi({ model, timers, invoke });
  onClose(() => api.close());
  serve(servers, { stageName: model.stageName, api, functions });

  return {
    urls: {
      websocket: `ws://localhost:${port}/${model.stageName}`,
      http: `http://localhost:${port}/${model.stageName}`,
      console: `http://localhost:${port}/console/`,
      dynamodb,
      lambda: `http://${localHost}`,
    },
    tables: model.tables.map(({ name }) => name),
    functions,
    functionNames: model.functions.map(({ name }) => name),
    async reload() {
      const next = await assemble(outdir);
      functions.load(readAppModel(next.template).functions, next.codeFolder);
    },
  };
}

async function embeddedStore(onClose: (cleanup: Cleanup) => void): Promise<string> {
  const store = await startEmbeddedStore();
  onClose(() => store.close());
  return store.url;
}

function closeAll(servers: readonly Server[]): void {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}

async function runAll(cleanups: readonly Cleanup[]): Promise<void> {
  for (const cleanup of cleanups) await cleanup();
}
