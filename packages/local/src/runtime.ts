/** The local runtime: a template goes in, a running backend comes out. `start` puts all parts together; `close` ends them all. */

import { BillMeter } from './bill/bill-meter.ts';
import { Cleanups, type OnClose, temporaryFolder } from './cleanups.ts';
import { createTables } from './dynamodb/create-tables.ts';
import type { EmbeddedStore } from './dynamodb/embedded-store.ts';
import { openStore } from './dynamodb/open-store.ts';
import { EventBuses } from './events/event-buses.ts';
import { PUT_EVENTS, putEvents } from './events/put-events.ts';
import { DEFAULT_ENVIRONMENTS } from './functions/function-pool.ts';
import { Functions, type FunctionsOptions } from './functions/functions.ts';
import { type Endpoints, localized } from './functions/variables.ts';
import { Refusals } from './gateway/refusals.ts';
import { type App, readApp } from './read-app.ts';
import { type Reload, reloader } from './reload.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { openSecrets } from './secrets/secrets.ts';
import { secretOperations } from './secrets/secrets-api.ts';
import { type ApiPort, listenForApis } from './site/api-ports.ts';
import { endpointsOf } from './site/endpoints.ts';
import { frontPage } from './site/front-page.ts';
import { serveApis } from './site/serve-apis.ts';
import { type Urls, urlsOf } from './site/urls.ts';
import { EventSourceMappings } from './streams/event-source-mappings.ts';
import { streamedTables } from './template/event-source-model.ts';
import { throttleNotes } from './template/stage-throttles.ts';

export type { Reload, RuntimeOptions, Urls };

export interface Runtime {
  readonly urls: Urls;
  /** Names of the tables, as the DynamoDB API knows them. */
  readonly tables: readonly string[];
  /** The outputs of the stack, with URLs that lead to this machine. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly functions: Functions;
  readonly functionNames: readonly string[];
  /** Counts what AWS would charge. */
  readonly meter: BillMeter;
  /** The functions that read streams of tables. */
  readonly streams: EventSourceMappings;
  /** Deletes at once the expired items of the tables whose stream is read. */
  expireItems(): Promise<void>;
  /** Settles when no stream record and no queued event is left, including those that arrive while it waits. */
  idle(): Promise<void>;
  /** Builds the source again, and puts it in place of the running code if nothing else has changed. */
  reload(): Promise<Reload>;
  close(): Promise<void>;
}

/**
 * Starts everything.
 *
 * @throws StartError, or an error of `assemble`, for a mistake that the user can mend.
 * @example
 * const runtime = await startRuntime({ assemble: (outdir) => assembleApp(source, outdir) });
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const cleanups = new Cleanups();
  try {
    const runtime = await start(options, cleanups.add);
    return { ...runtime, close: () => cleanups.run() };
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}

/** The receivers of the parts' reports while they run. */
interface Observers {
  readonly meter: BillMeter;
  readonly refusals: Refusals;
  readonly onNote: (sentence: string) => void;
  readonly onStep: (step: string) => void;
}

async function start(options: RuntimeOptions, onClose: OnClose): Promise<Omit<Runtime, 'close'>> {
  const { onNote = () => {}, onStep = () => {} } = options;
  const observers = { meter: new BillMeter(options.billing), refusals: new Refusals(), onNote, onStep };
  const { meter, refusals } = observers;
  const outdir = options.workFolder ?? (await temporaryFolder(onClose));
  const assembly = await options.assemble(outdir);
  const app = await readApp(assembly, outdir, options);
  const { model } = app;

  // The streams invoke functions, and the functions are given the URL of the store that feeds the streams.
  const invoke = (name: string, event: unknown) => functions.invoke(name, event);
  const streams = new EventSourceMappings({ ...options, mappings: model.eventSources, invoke, onNote });
  const store = await startStore(app, streams, observers, options, onClose);
  const secrets = await openSecrets(model.secrets, options.secretsFolder);
  onStep('Opening the port');
  const apiPorts = await listenForApis(model, options.port ?? 0, onClose);
  const endpoints = endpointsOf(apiPorts, model.functionUrls, store.url);
  const functions = startFunctions(app, endpoints, observers, options, onClose);
  const buses = startBuses(app, functions, onNote);
  const operations = new Map([
    ...secretOperations(secrets, meter),
    [PUT_EVENTS, putEvents(buses, meter, options.detailMistake)],
  ]);

  const described = descriptionOf(app, apiPorts, endpoints);
  const bill = () => meter.bill();
  const { pages = frontPage({ ...described, bill, refusals: () => refusals.list() }) } = options;
  serveApis(apiPorts, { ...app, ...options, functions, operations, meter, refusals, pages }, onClose);
  for (const note of notesOn(app)) onNote(note);
  if (options.firesSchedules ?? true) buses.start();
  onClose(() => {
    for (const site of options.morePages?.values() ?? []) site.close?.();
    buses.stop();
    streams.stop();
  });
  const reload = reloader({ assembly, outdir, options, functions, meter });
  return { ...described, functions, meter, streams, ...work(functions, streams, store), reload };
}

/** The store with the tables of the template, which hands the changes of streamed tables to `streams`. */
async function startStore(
  { model, permissions }: App,
  streams: EventSourceMappings,
  { meter, onStep }: Observers,
  options: RuntimeOptions,
  onClose: OnClose,
): Promise<EmbeddedStore> {
  const tables = streamedTables(model.tables, model.eventSources);
  onStep('Starting DynamoDB');
  const store = await openStore(options, { tables, onRecord: streams.put.bind(streams) }, meter, permissions);
  onClose(() => store.close());
  onStep(`Creating ${model.tables.length} tables`);
  await createTables(store.url, model.tables);
  return store;
}

function startFunctions(
  { model, codeFolder }: App,
  endpoints: Endpoints,
  { meter, refusals }: Observers,
  options: RuntimeOptions,
  onClose: OnClose,
): Functions {
  const settings: FunctionsOptions = {
    maxEnvironments: DEFAULT_ENVIRONMENTS,
    ...options,
    onOutput(name, line) {
      refusals.heard(line);
      options.onOutput?.(name, line);
    },
    onInvoked(name, outcome, usage) {
      meter.invocation(name, usage.durationMs, usage.streamedBytes);
      options.onInvoked?.(name, outcome, usage);
    },
  };
  const functions = new Functions(endpoints, settings);
  onClose(() => functions.stop());
  functions.load(model.functions, codeFolder);
  meter.load(model.functions);
  return functions;
}

function startBuses({ model }: App, functions: Functions, onNote: (sentence: string) => void): EventBuses {
  const enqueue = (name: string, event: unknown) => functions.eventQueue.enqueue(name, event);
  return new EventBuses({ model: model.eventBuses, enqueue, onNote });
}

/** The addresses that a person or a program needs to use the app. */
function descriptionOf({ model }: App, apiPorts: readonly ApiPort[], endpoints: Endpoints) {
  const outputs = Object.entries(model.outputs).map(([name, value]) => [name, localized(value, endpoints)]);
  return {
    urls: urlsOf(apiPorts, model.functionUrls, endpoints.dynamodb),
    tables: model.tables.map(({ name }) => name),
    outputs: Object.fromEntries(outputs),
    functionNames: model.functions.map(({ name }) => name),
  };
}

function notesOn({ model, notes }: App): readonly string[] {
  const throttles = model.webSocketApis.flatMap((api) => throttleNotes(api.stageName, api.throttles));
  return [...model.eventBuses.notes, ...notes, ...throttles];
}

/** The work that goes on after a request was answered. */
function work({ eventQueue }: Functions, streams: EventSourceMappings, store: EmbeddedStore) {
  return {
    expireItems: () => store.expireItems(),
    async idle() {
      while (!streams.isIdle || eventQueue.size > 0) await Promise.all([streams.idle(), eventQueue.idle()]);
    },
  };
}
