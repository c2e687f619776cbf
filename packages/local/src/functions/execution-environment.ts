/** One isolated execution environment of a function: a worker thread with its own modules and variables. */

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { functionArn } from '../template/function-arn.ts';
import { EXITED, type Failure, type Outcome, TIMED_OUT } from './outcome.ts';
import type { StreamedPart, StreamReader } from './streamed-part.ts';
import { describeThrown } from './thrown.mjs';

/** A function ready to run. */
export interface FunctionSpec {
  readonly name: string;
  /** Absolute path of the module that exports the handler. */
  readonly module: string;
  readonly export: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** All that the environment sees of `process.env`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Hosts that it asks for, and where they are: `local-hosts.mjs`. */
  readonly localHosts?: Readonly<Record<string, string>> | undefined;
}

/** The result as JSON, or what was thrown. */
type WorkerAnswer = string | Omit<Failure, 'kind'>;

/** What it says first, when its module has loaded: no JSON, and so no result. */
const LOADED = 'loaded';

const BOOTSTRAP = new URL('./bootstrap.mjs', import.meta.url);

/** Node's own heap beside what the function was given; a worker cannot be limited to less than it needs to start. */
const YOUNG_GENERATION_MB = 16;

/** Lambda hands the text on as it came; here an event is an object in between, and writing it again recurses. */
const TOO_DEEP: Failure = {
  kind: 'error',
  errorType: 'Runtime.MarshalError',
  message: 'The event is nested deeper than the local runtime can pass on.',
};

export class ExecutionEnvironment {
  private readonly worker: Worker;
  readonly spec: FunctionSpec;
  private settle: (outcome: Outcome) => void = () => {};
  private death: Failure | undefined;
  private ready: () => void = () => {};
  /** When it is ready for its first event, or has died before it was. */
  readonly loaded = new Promise<void>((resolve) => {
    this.ready = resolve;
  });

  constructor(spec: FunctionSpec, onOutput: (line: string) => void) {
    this.spec = spec;
    this.worker = new Worker(BOOTSTRAP, {
      workerData: {
        module: pathToFileURL(spec.module).href,
        export: spec.export,
        facts: factsOf(spec),
        localHosts: spec.localHosts,
      },
      env: { ...spec.variables },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: spec.memoryMb,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
    });
    const loadTimer = this.killLater();
    void this.loaded.then(() => clearTimeout(loadTimer));
    this.worker.on('message', (answer: WorkerAnswer) => {
      if (answer === LOADED) this.ready();
      else this.settle(outcomeOf(answer));
    });
    this.worker.on('error', (thrown: unknown) => this.die({ kind: 'died', ...describeThrown(thrown) }));
    this.worker.on('exit', () =>
      this.die({ kind: 'died', errorType: EXITED, message: 'The environment exited.' }),
    );
    forwardLines(this.worker.stdout, onOutput);
    forwardLines(this.worker.stderr, onOutput);
  }

  /**
   * Handles one event; the caller never sends a second one before the first has ended.
   *
   * @param read Takes what a handler that streams writes, as it is written; without it, that is the result.
   */
  async invoke(
    event: unknown,
    requestId: string = randomUUID(),
    read: StreamReader | undefined = undefined,
  ): Promise<Outcome> {
    if (this.death) return this.death;
    const text = jsonOf(event);
    if (text === undefined) return TOO_DEEP;
    const { timeoutMs } = this.spec;
    const timer = this.killLater();
    const channel = read && channelTo(read);
    const outcome = await new Promise<Outcome>((settle) => {
      this.settle = settle;
      const invocation = { event: text, requestId, deadline: Date.now() + timeoutMs };
      if (!channel) this.worker.postMessage(invocation);
      else this.worker.postMessage({ ...invocation, stream: channel.port2 }, [channel.port2]);
    });
    clearTimeout(timer);
    channel?.port1.close();
    return outcome;
  }

  /** Whether it answers every event with what it died of. */
  get isDead(): boolean {
    return this.death !== undefined;
  }

  /** Ends it at whatever line it is on, as Lambda may. */
  kill(reason: string, errorType = EXITED): void {
    this.die({ kind: 'died', errorType, message: reason });
    void this.worker.terminate();
  }

  /** Unless it has done what it has to do by then. */
  private killLater(): NodeJS.Timeout {
    const { timeoutMs } = this.spec;
    const reason = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    return setTimeout(() => this.kill(reason, TIMED_OUT), timeoutMs);
  }

  private die(death: Failure): void {
    this.death ??= death;
    this.ready();
    this.settle(this.death);
  }
}

/** What a handler's context says in every invocation. */
function factsOf({ name, memoryMb }: FunctionSpec) {
  return { functionName: name, invokedFunctionArn: functionArn(name), memoryLimitInMB: String(memoryMb) };
}

/** Every message is a chunk, answered when it has been taken; once, the function is told that nobody reads any more. */
function channelTo(read: StreamReader): MessageChannel {
  const channel = new MessageChannel();
  const { port1 } = channel;
  port1.on('message', (part: StreamedPart) => void read(part).then(() => port1.postMessage('taken')));
  const tell = () => port1.postMessage('left');
  if (read.left?.aborted) tell();
  else read.left?.addEventListener('abort', tell, { once: true });
  return channel;
}

function outcomeOf(answer: WorkerAnswer): Outcome {
  if (typeof answer !== 'string') return { kind: 'error', ...answer };
  return { kind: 'result', value: JSON.parse(answer) };
}

function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') onLine(line);
  });
}

/** `undefined` if it is nested deeper than the stack. */
function jsonOf(event: unknown): string | undefined {
  try {
    return JSON.stringify(event) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
