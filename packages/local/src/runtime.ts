/** The local runtime: template in, a running backend out. One composition point, and one `close` for all of it. */

import { CONNECTION_LIFETIME_MS, IDLE_TIMEOUT_MS } from 'fanfare-protocol/limits';
import { BillMeter, type BillOptions } from './bill/bill-meter.ts';
import { Cleanups, closeAll, type OnClose, temporaryFolder } from './cleanups.ts';
import type { Assembly } from './cloud-assembly/read-assembly.ts';
import { createTables } from './dynamodb/create-tables.ts';
import { openStore, type StoreOptions } from './dynamodb/open-store.ts';
import { EventBuses } from './events/event-buses.ts';
import { PUT_EVENTS, putEvents } from './events/put-events.ts';
import { DEFAULT_ENVIRONMENTS } from './functions/function-pool.ts';
import { Functions, type FunctionsOptions } from './functions/functions.ts';
import { localized } from './functions/variables.ts';
import { type Choices, DEFAULT_CHOICES } from './gateway/choices.ts';
import type { Timers } from './gateway/connection.ts';
import { postDelay } from './gateway/post-delay.ts';
import { NO_QUOTA, type QuotaOptions, Quotas } from './gateway/quotas.ts';
import { Refusals } from './gateway/refusals.ts';
import { WebSocketApi } from './gateway/web-socket-api.ts';
import { FunctionUrl } from './http/function-url.ts';
import { HttpApi } from './http/http-api.ts';
import { readApp } from './read-app.ts';
import { openSecrets } from './secrets/secrets.ts';
import { GET_SECRET_VALUE, getSecretValue } from './secrets/secrets-api.ts';
import { listenForApis } from './site/api-ports.ts';
import { localHost, localUrls } from './site/local-urls.ts';
import { redirectedHosts } from './site/redirected-hosts.ts';
import { doorsOf } from './site/site.ts';
import { type Urls, urlsOf } from './site/urls.ts';
import { EventSourceMappings, type StreamOptions } from './streams/event-source-mappings.ts';
import { streamedTables } from './template/event-source-model.ts';
import { throttleNotes } from './template/stage-throttles.ts';
import { changesForRestart } from './template-changes.ts';

export interface RuntimeOptions extends Partial<FunctionsOptions>, StoreOptions, StreamOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** Where secrets that the runtime generates are kept from one start to the next; without it, in memory only. */
  readonly secretsFolder?: string;
  /** @default the platform's own */
  readonly timers?: Partial<Timers>;
  /** Other answers than the emulator's own where nobody knows what AWS does. */
  readonly choices?: Partial<Choices>;
  /** Throttles as AWS would: the quotas of an account, and what the stages say. @default nothing is throttled */
  readonly quotas?: QuotaOptions | undefined;
  /** How the bill is metered; tests fix its clock and the durations of functions. */
  readonly billing?: BillOptions;
  /** Goes on without what the template has and the runtime does not serve. @default false */
  readonly ignoreUnsupported?: boolean;
  /** Told in a sentence what is left out, or lost. */
  readonly onNote?: (sentence: string) => void;
  /** Told what takes time, as it begins: `Starting DynamoDB`. */
  readonly onStep?: (step: string) => void;
  /** Where the app comes from; the Fanfare app itself unless a test brings its own. */
  readonly assemble?: (outdir: string) => Promise<Assembly>;
  /** Where the app is assembled. @default a temporary folder that goes when the runtime is closed */
  readonly workFolder?: string;
  /** Where a browser is led that opens the root. @default the tour of Fanfare */
  readonly home?: string;
}

export type { Urls };

export interface Runtime {
  readonly urls: Urls;
  /** Names of the tables, as they are in the DynamoDB API. */
  readonly tables: readonly string[];
  /** What the stack tells, with URLs that lead here. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly functions: Functions;
  readonly functionNames: readonly string[];
  /** What AWS would charge. */
  readonly meter: BillMeter;
  /** The functions that read streams of tables. */
  readonly streams: EventSourceMappings;
  /** Deletes now what has expired in tables whose stream is read. */
  expireItems(): Promise<void>;
  /** Settles when no record of a stream and no event of the queue is left, those included that come meanwhile. */
  idle(): Promise<void>;
  /** Builds the source again and puts it in place of the running code, if that is all that has changed. */
  reload(): Promise<Reload>;
  close(): Promise<void>;
}

export interface Reload {
  readonly assembly: Assembly;
  /** What else changed, each in a few words: it takes a new start, and until then the old code runs. Empty: the new code runs. */
  readonly changes: readonly string[];
}

/**
 * Starts everything.
 *
 * @throws StartError or BundleError, in one sentence, for what its user can mend.
 */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const cleanups = new Cleanups();
  try {
    const runtime = await start(options, cleanups.add);
    return { ...runtime, close: () => cleanups.run() };
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}

/** The page that shows Fanfare to a person who has just started it. */
const TOUR = '/console/tour.html';

async function start(options: RuntimeOptions, onClose: OnClose): Promise<Omit<Runtime, 'close'>> {
  const { assemble = ownApp, onNote = () => {}, onStep = () => {}, home = TOUR } = options;
  const timers = { idleTimeoutMs: IDLE_TIMEOUT_MS, lifetimeMs: CONNECTION_LIFETIME_MS, ...options.timers };
  const meter = new BillMeter(options.billing);
  const refusals = new Refusals();
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
  const choices = { ...DEFAULT_CHOICES, ...options.choices };
  const quotas = options.quotas && new Quotas(options.quotas);
  const outdir = options.workFolder ?? (await temporaryFolder(onClose));
  const assembly = await assemble(outdir);
  const { model, permissions, notes, codeFolder } = await readApp(assembly, outdir, options);

  const streams = new EventSourceMappings({
    ...options,
    mappings: model.eventSources,
    invoke: (name, event) => functions.invoke(name, event),
    onNote,
  });
  const streamed = {
    tables: streamedTables(model.tables, model.eventSources),
    onRecord: streams.put.bind(streams),
  };
  onStep('Starting DynamoDB');
  const store = await openStore(options, streamed, meter, permissions);
  onClose(() => store.close());
  const dynamodb = store.url;
  onStep(`Creating ${model.tables.length} tables`);
  await createTables(dynamodb, model.tables);
  const secrets = await openSecrets(model.secrets, options.secretsFolder);

  onStep('Opening the port');
  const apiPorts = await listenForApis(model, options.port ?? 0, (servers) =>
    onClose(() => closeAll(servers)),
  );
  const port = apiPorts[0]?.port ?? 0;
  const host = localHost(port);
  const endpoints = {
    localHost: host,
    localUrls: localUrls(apiPorts, model.functionUrls, host),
    localHosts: redirectedHosts(apiPorts),
    dynamodb,
  };
  const functions = new Functions(endpoints, settings);
  onClose(() => functions.stop());
  functions.load(model.functions, codeFolder);
  meter.load(model.functions);

  const invoke = (name: string, event: unknown) => functions.invoke(name, event);
  const enqueue = (name: string, event: unknown) => functions.eventQueue.enqueue(name, event);
  const buses = new EventBuses({ model: model.eventBuses, enqueue, onNote });
  const operations = new Map([
    [GET_SECRET_VALUE, getSecretValue(secrets, meter)],
    [PUT_EVENTS, putEvents(buses, meter)],
  ]);
  const functionUrls = new Map(
    model.functionUrls.map((url) => [url.functionName, new FunctionUrl(url, functions, permissions)]),
  );
  const onRefused = (status: number, connectionId: string) => refusals.refused(status, { connectionId });
  for (const { open, webSocketApi, httpApi } of apiPorts) {
    const quota = webSocketApi && quotas ? quotas.stage(webSocketApi.throttles) : NO_QUOTA;
    const api =
      webSocketApi &&
      new WebSocketApi({ model: webSocketApi, timers, invoke, meter, quota, choices, onRefused });
    onClose(() => api?.close());
    const doors = doorsOf({
      api,
      httpApi: httpApi && new HttpApi(httpApi, invoke, permissions, meter),
      functionUrls,
      functions,
      operations,
      guard: permissions,
      meter,
      choices,
      admitsRequest: quotas?.admitsRequest ?? (() => true),
      delay: postDelay(choices.shufflePosts),
      refusals,
      home,
    });
    open(doors);
  }
  for (const note of [...model.eventBuses.notes, ...notes]) onNote(note);
  for (const { stageName, throttles } of model.webSocketApis)
    for (const note of throttleNotes(stageName, throttles)) onNote(note);
  buses.start();
  onClose(() => {
    buses.stop();
    streams.stop();
  });

  return {
    urls: urlsOf(apiPorts, model.functionUrls, dynamodb),
    tables: model.tables.map(({ name }) => name),
    outputs: Object.fromEntries(
      Object.entries(model.outputs).map(([name, value]) => [name, localized(value, endpoints)]),
    ),
    functions,
    functionNames: model.functions.map(({ name }) => name),
    meter,
    streams,
    expireItems: () => store.expireItems(),
    async idle() {
      while (!streams.isIdle || functions.eventQueue.size > 0)
        await Promise.all([streams.idle(), functions.eventQueue.idle()]);
    },
    async reload() {
      const next = await assemble(outdir);
      const { model: after, codeFolder: folder } = await readApp(next, outdir, options);
      const changes = changesForRestart(assembly.template, next.template);
      if (changes.length > 0) return { assembly: next, changes };
      functions.load(after.functions, folder);
      meter.load(after.functions);
      return { assembly: next, changes };
    },
  };
}

/** Loaded only when it is asked for, because it loads the CDK. */
async function ownApp(outdir: string): Promise<Assembly> {
  const { synthesize } = await import('../../../lib/assembly/assembly.ts');
  return synthesize(outdir);
}
