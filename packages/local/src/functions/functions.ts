/** All functions of the template, ready to be invoked by name. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../start-error.ts';
import { defaultEventInvokeConfig, type EventInvokeConfig } from '../template/event-invoke-config.ts';
import type { FunctionModel } from '../template/function-model.ts';
import { DEFAULT_RETRY_DELAYS_MS, EventQueue } from './event-queue.ts';
import type { FunctionSpec } from './execution-environment.ts';
import { FunctionPool, type PoolOptions, STREAMING_ENVIRONMENTS } from './function-pool.ts';
import type { Outcome } from './outcome.ts';
import type { StreamReader } from './streamed-part.ts';
import { type Endpoints, variablesOf } from './variables.ts';

export interface FunctionsOptions extends PoolOptions {
  /**
   * How long a failed event waits for its first and second retry. Milliseconds.
   *
   * @default 1000 and 2000, where Lambda waits one minute and two
   */
  readonly asyncRetryDelaysMs?: readonly number[];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const THROTTLED: Outcome = {
  kind: 'error',
  errorType: 'TooManyRequestsException',
  message: 'Rate Exceeded. The function has no reserved executions (ReservedConcurrentExecutions: 0).',
};

export class Functions {
  /** The queue of asynchronous invocations. */
  readonly eventQueue: EventQueue;
  private readonly pools = new Map<string, FunctionPool>();
  /** The functions without a single execution. */
  private readonly throttled = new Set<string>();
  private readonly eventInvokeConfigs = new Map<string, EventInvokeConfig>();
  private readonly options: FunctionsOptions;
  private readonly endpoints: Endpoints;

  constructor(endpoints: Endpoints, options: FunctionsOptions) {
    this.endpoints = endpoints;
    this.options = options;
    this.eventQueue = new EventQueue({
      invoke: (name, event, requestId) => this.invoke(name, event, requestId),
      configOf: (name) => this.eventInvokeConfigs.get(name) ?? defaultEventInvokeConfig,
      retryDelaysMs: options.asyncRetryDelaysMs ?? DEFAULT_RETRY_DELAYS_MS,
    });
  }

  /** Adds functions, or replaces their older versions. */
  load(models: readonly FunctionModel[], codeFolder: (s3Key: string) => string): void {
    for (const model of models) {
      const spec = specOf(model, codeFolder(model.s3Key), this.endpoints);
      const pool = this.pools.get(model.name);
      if (pool) pool.replace(spec, this.poolOptions(model));
      else this.pools.set(model.name, new FunctionPool(spec, this.poolOptions(model)));
      if (model.reservedConcurrency === 0) this.throttled.add(model.name);
      else this.throttled.delete(model.name);
      this.eventInvokeConfigs.set(model.name, model.eventInvokeConfig);
    }
  }

  has(name: string): boolean {
    return this.pools.has(name);
  }

  /**
   * @param requestId @default a new id
   * @param read Gets each chunk that a streaming handler writes. Without it, all chunks together are the result.
   */
  async invoke(name: string, event: unknown, requestId?: string, read?: StreamReader): Promise<Outcome> {
    if (this.throttled.has(name)) return THROTTLED;
    const pool = this.pools.get(name);
    if (pool) return pool.invoke(event, requestId, read);
    return {
      kind: 'error',
      errorType: 'ResourceNotFoundException',
      message: `There is no function ${name}.`,
    };
  }

  /** The pool of a function, for tests that stop it or kill one of its environments. */
  pool(name: string): FunctionPool | undefined {
    return this.pools.get(name);
  }

  /** Events beyond the reserved executions wait here, as they do beyond the number of environments. On Lambda they are throttled. */
  private poolOptions({
    streams,
    reservedConcurrency: most = Number.POSITIVE_INFINITY,
  }: FunctionModel): PoolOptions {
    const maxIdle = Math.min(this.options.maxEnvironments, most);
    if (!streams) return { ...this.options, maxEnvironments: maxIdle };
    const maxEnvironments = Math.min(Math.max(maxIdle, STREAMING_ENVIRONMENTS), most);
    return { ...this.options, maxEnvironments, maxIdle };
  }

  stop(): void {
    this.eventQueue.stop();
    for (const pool of this.pools.values()) pool.stop();
  }
}

function specOf(model: FunctionModel, folder: string, endpoints: Endpoints): FunctionSpec {
  handlerFile(model, folder);
  const { name, handler, runtime, memoryMb, timeoutMs } = model;
  const { localHosts } = endpoints;
  const variables = variablesOf(model, folder, endpoints);
  return { name, folder: path.resolve(folder), handler, runtime, memoryMb, timeoutMs, variables, localHosts };
}

/**
 * `src/index.handler` is a member of `src/index` with one of the endings of JavaScript.
 *
 * @throws StartError for code without such a file.
 */
export function handlerFile({ name, handler }: FunctionModel, folder: string): string {
  // Dots in the names of folders do not count.
  const { dir, base } = path.posix.parse(handler);
  const [file = ''] = base.split('.');
  const candidates = ['.js', '.mjs', '.cjs'].map((ending) => path.resolve(folder, dir, file + ending));
  const module = candidates.find((candidate) => existsSync(candidate));
  if (module !== undefined) return module;
  throw new StartError(`The code of ${name} has no file for its handler ${handler}.`);
}
