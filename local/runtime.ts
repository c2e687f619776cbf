/** The local runtime: template in, a running backend out. One composition point, and one `close` for all of it. */

import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONNECTION_LIFETIME_MS, IDLE_TIMEOUT_MS } from '../protocol/limits.ts';
import { createTables } from './dynamodb/create-tables.ts';
import { openStore, type StoreOptions } from './dynamodb/open-store.ts';
import { EventBuses } from './events/event-buses.ts';
import { PUT_EVENTS, putEvents } from './events/put-events.ts';
import { DEFAULT_ENVIRONMENTS } from './functions/function-pool.ts';
import { Functions, type FunctionsOptions } from './functions/functions.ts';
import type { Timers } from './gateway/connection.ts';
import { listen } from './gateway/listen.ts';
import { serve } from './gateway/server.ts';
import { WebSocketApi } from './gateway/web-socket-api.ts';
import { FunctionUrl } from './http/function-url.ts';
import { HttpApi } from './http/http-api.ts';
import { localFunctionUrl, localUrls } from './http/local-urls.ts';
import { openSecrets } from './secrets/secrets.ts';
import { GET_SECRET_VALUE, getSecretValue } from './secrets/secrets-api.ts';
import { EventSourceMappings, type StreamOptions } from './streams/event-source-mappings.ts';
import { type Assembly, synthesize } from './synthesize.ts';
import { deployedApiHost } from './template/account.ts';
import { readAppModel } from './template/app-model.ts';
import { streamedTables } from './template/event-source-model.ts';

export interface RuntimeOptions extends Partial<FunctionsOptions>, StoreOptions, StreamOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** Where secrets that the runtime generates are kept from one start to the next; without it, in memory only. */
  readonly secretsFolder?: string;
  /** @default the platform's own */
  readonly timers?: Partial<Timers>;
  /** Told in a sentence what is left out, or lost. */
  readonly onNote?: (sentence: string) => void;
  /** Where the app comes from; the Fanfare app itself unless a test brings its own. */
  readonly assemble?: (outdir: string) => Promise<Assembly>;
}

export interface Urls {
  /** Clients connect here. */
  readonly websocket: string;
  /** The plain HTTP side: the management API is below its stage, and beside it an HTTP API with the same stage. */
  readonly http: string;
  /** By the name of the function; with a slash at the end, as on AWS. */
  readonly functionUrls: Readonly<Record<string, string>>;
  readonly console: string;
  readonly dynamodb: string;
  /** The API of Lambda, as far as it invokes functions. */
  readonly lambda: string;
  /** The API of Secrets Manager, as far as it tells what a secret is. */
  readonly secretsManager: string;
  /** The API of EventBridge, as far as it takes events. */
  readonly eventBridge: string;
}

export interface Runtime {
  readonly urls: Urls;
  /** Names of the tables, as they are in the DynamoDB API. */
  readonly tables: readonly string[];
  readonly functions: Functions;
  readonly functionNames: readonly string[];
  /** The functions that read streams of tables. */
  readonly streams: EventSourceMappings;
  /** Deletes now what has expired in tables whose stream is read. */
  expireItems(): Promise<void>;
  /** Settles when no record of a stream and no event of the queue is left, those included that come meanwhile. */
  idle(): Promise<void>;
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
  const { onNote = () => {} } = options;
  const outdir = await mkdtemp(path.join(tmpdir(), 'fanfare-'));
  onClose(() => rm(outdir, { recursive: true, force: true }));
  const assembly = await assemble(outdir);
  const model = readAppModel(assembly.template);

  const streams = new EventSourceMappings({
    ...options,
    mappings: model.eventSources,
    invoke: (name, event) => functions.invoke(name, event),
    onNote,
  });
  const store = await openStore(options, {
    tables: streamedTables(model.tables, model.eventSources),
    onRecord: (record, table) => streams.put(record, table),
  });
  onClose(() => store.close());
  const dynamodb = store.url;
  await createTables(dynamodb, model.tables);
  const secrets = await openSecrets(model.secrets, options.secretsFolder);

  const { port, servers } = await listen(options.port ?? 0);
  onClose(() => closeAll(servers));
  const apiHost = deployedApiHost(model.apiId);
  const localHost = `127.0.0.1:${port}`;
  const endpoints = { apiHost, localHost, localUrls: localUrls(model, localHost), dynamodb };
  const functions = new Functions(endpoints, settings);
  onClose(() => functions.stop());
  functions.load(model.functions, assembly.codeFolder);

  const invoke = (name: string, event: unknown) => functions.invoke(name, event);
  const api = new WebSocketApi({ model, timers, invoke });
  onClose(() => api.close());
  const enqueue = (name: string, event: unknown) => functions.eventQueue.enqueue(name, event);
  const buses = new EventBuses({ model: model.eventBuses, enqueue, onNote });
  const operations = new Map([
    [GET_SECRET_VALUE, getSecretValue(secrets)],
    [PUT_EVENTS, putEvents(buses)],
  ]);
  const httpApi = model.httpApi && new HttpApi(model.httpApi, invoke);
  const functionUrls = new Map(
    model.functionUrls.map((url) => [url.functionName, new FunctionUrl(url, functions)]),
  );
  serve(servers, { stageName: model.stageName, api, httpApi, functionUrls, functions, operations });
  for (const note of model.eventBuses.notes) onNote(note);
  buses.start();
  onClose(() => {
    buses.stop();
    streams.stop();
  });

  return {
    urls: {
      websocket: `ws://localhost:${port}/${model.stageName}`,
      http: `http://localhost:${port}/${model.stageName}`,
      functionUrls: Object.fromEntries(
        [...functionUrls.keys()].map((name) => [name, `${localFunctionUrl(name, `localhost:${port}`)}/`]),
      ),
      console: `http://localhost:${port}/console/`,
      dynamodb,
      lambda: `http://${localHost}`,
      secretsManager: `http://${localHost}`,
      eventBridge: `http://${localHost}`,
    },
    tables: model.tables.map(({ name }) => name),
    functions,
    functionNames: model.functions.map(({ name }) => name),
    streams,
    expireItems: () => store.expireItems(),
    async idle() {
      while (!streams.isIdle || functions.eventQueue.size > 0)
        await Promise.all([streams.idle(), functions.eventQueue.idle()]);
    },
    async reload() {
      const next = await assemble(outdir);
      functions.load(readAppModel(next.template).functions, next.codeFolder);
    },
  };
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
