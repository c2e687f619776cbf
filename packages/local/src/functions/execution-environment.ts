/** One isolated execution environment of a function: it loads the code once, and then handles one event at a time. */

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { functionArn } from '../template/function-arn.ts';
import type { FromEnvironment } from './environment-messages.ts';
import { EXITED, type Failure, type Outcome, TIMED_OUT } from './outcome.ts';
import { processSandbox } from './process-sandbox.ts';
import type { Isolation, Sandbox } from './sandbox.ts';
import type { StreamedPart, StreamReader } from './streamed-part.ts';
import { threadSandbox } from './thread-sandbox.ts';
import { LOG_STREAM, logGroupOf } from './variables.ts';

/** A function ready to run. */
export interface FunctionSpec {
  readonly name: string;
  /** Absolute path of the folder with the code. */
  readonly folder: string;
  /** `file.export`, or deeper: `index.chat.connect` */
  readonly handler: string;
  /** `nodejs22.x` */
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** The complete `process.env` of the environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The hosts that functions ask for, and where they are served here (`local-hosts.mjs`). */
  readonly localHosts?: Readonly<Record<string, string>> | undefined;
}

/**
 * How long the code may take to load, if its timeout is shorter. Lambda stops a longer start, and gives a second one the timeout of
 * the function. Here one start gets the longer time of the two.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const INITIALISATION_MS = 10_000;

/** Lambda passes the text of an event on. Here the event is an object, and writing it as JSON recurses. */
const TOO_DEEP: Failure = {
  kind: 'error',
  errorType: 'Runtime.MarshalError',
  message: 'The event is nested deeper than the local runtime can pass on.',
};

const sandboxes = { processes: processSandbox, threads: threadSandbox };

export class ExecutionEnvironment {
  private readonly sandbox: Sandbox;
  readonly spec: FunctionSpec;
  private settle: (outcome: Outcome) => void = () => {};
  private take: (part: StreamedPart) => void = () => {};
  private death: Failure | undefined;
  private isBusy = false;
  private ready: () => void = () => {};
  /** Settles when the environment is ready for its first event, or has died before. */
  readonly loaded = new Promise<void>((resolve) => {
    this.ready = resolve;
  });

  constructor(spec: FunctionSpec, onOutput: (line: string) => void, isolation: Isolation) {
    this.spec = spec;
    const { folder, handler, runtime, variables, memoryMb, localHosts } = spec;
    const start = { folder, handler, runtime, variables, memoryMb, localHosts, facts: factsOf(spec) };
    this.sandbox = sandboxes[isolation](start, {
      onMessage: (message) => this.receive(message),
      onEnd: (death) => this.die(death),
    });
    const loadTimer = this.killAfter(Math.max(spec.timeoutMs, INITIALISATION_MS));
    void this.loaded.then(() => clearTimeout(loadTimer));
    forwardLines(this.sandbox.stdout, onOutput);
    forwardLines(this.sandbox.stderr, onOutput);
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
    const timer = this.killAfter(timeoutMs);
    this.isBusy = true;
    this.sandbox.thaw();
    const answer = new Promise<Outcome>((settle) => {
      this.settle = settle;
    });
    const deadline = Date.now() + timeoutMs;
    this.sandbox.send({ kind: 'event', event: text, requestId, deadline, isRead: read !== undefined });
    const reading = new AbortController();
    if (read) this.passOn(read, reading.signal);
    const outcome = await answer;
    this.isBusy = false;
    this.sandbox.freeze();
    clearTimeout(timer);
    reading.abort();
    return outcome;
  }

  /** Whether the environment is dead. It answers every event with the cause of its death. */
  get isDead(): boolean {
    return this.death !== undefined;
  }

  /** Ends the environment at once, in the middle of its code. Lambda can do the same. */
  kill(reason: string, errorType = EXITED): void {
    this.die({ kind: 'died', errorType, message: reason });
    this.sandbox.kill();
  }

  private receive(message: FromEnvironment): void {
    if (message.kind === 'loaded') this.rest();
    else if (message.kind === 'part') this.take(message.part);
    else if (message.kind === 'result') this.settle({ kind: 'result', value: JSON.parse(message.json) });
    else if (message.kind === 'error') this.settle(message);
    else this.die(message);
  }

  /** A caller may send the first event while the code still loads. */
  private rest(): void {
    if (!this.isBusy) this.sandbox.freeze();
    this.ready();
  }

  /** Each chunk is answered when the reader has taken it. When the reader leaves, the function gets one message. */
  private passOn(read: StreamReader, over: AbortSignal): void {
    this.take = (part) => void read(part).then(() => this.sandbox.send({ kind: 'taken' }));
    const tell = () => this.sandbox.send({ kind: 'left' });
    if (read.left?.aborted) tell();
    read.left?.addEventListener('abort', tell, { once: true, signal: over });
  }

  /** Ends the environment, unless what it does ends before. */
  private killAfter(milliseconds: number): NodeJS.Timeout {
    const reason = `Task timed out after ${(milliseconds / 1000).toFixed(2)} seconds`;
    return setTimeout(() => this.kill(reason, TIMED_OUT), milliseconds);
  }

  private die(death: Failure): void {
    this.death ??= death;
    this.ready();
    this.settle(this.death);
  }
}

/** The members of a handler's context that are the same in every invocation. */
function factsOf({ name, memoryMb }: FunctionSpec) {
  return {
    functionName: name,
    invokedFunctionArn: functionArn(name),
    memoryLimitInMB: String(memoryMb),
    logGroupName: logGroupOf(name),
    logStreamName: LOG_STREAM,
  };
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
