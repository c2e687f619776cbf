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
  /** The complete `process.env` of the environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The hosts that functions ask for, and where they are served here (`local-hosts.mjs`). */
  readonly localHosts?: Readonly<Record<string, string>> | undefined;
}

/** The worker's answer: the result as JSON, or the thrown value. */
type WorkerAnswer = string | Omit<Failure, 'kind'>;

/** The worker's first message, after its module has loaded. It is not JSON, so that no result can equal it. */
const LOADED = 'loaded';

const BOOTSTRAP = new URL('./bootstrap.mjs', import.meta.url);

/** Node needs this heap beside the memory of the function. A worker with less cannot start. */
const YOUNG_GENERATION_MB = 16;

/** Lambda passes the text of an event on. Here the event is an object, and writing it as JSON recurses. */
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
  /** Settles when the environment is ready for its first event, or has died before. */
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
   * Handles one event. The caller must wait for its end before it sends the next one.
   *
   * @param read Gets each chunk that a streaming handler writes. Without it, all chunks together are the result.
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

  /** Whether the environment is dead. It answers every event with the cause of its death. */
  get isDead(): boolean {
    return this.death !== undefined;
  }

  /** Ends the worker at once, in the middle of its code. Lambda can do the same. */
  kill(reason: string, errorType = EXITED): void {
    this.die({ kind: 'died', errorType, message: reason });
    void this.worker.terminate();
  }

  /** Ends the environment at the timeout of the function, unless the invocation has ended. */
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

/** The members of a handler's context that are the same in every invocation. */
function factsOf({ name, memoryMb }: FunctionSpec) {
  return { functionName: name, invokedFunctionArn: functionArn(name), memoryLimitInMB: String(memoryMb) };
}

/** Each message is a chunk and is answered when the reader has taken it. When the reader leaves, the function gets one message. */
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

/** `undefined` if the nesting is deeper than the stack allows. */
function jsonOf(event: unknown): string | undefined {
  try {
    return JSON.stringify(event) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
