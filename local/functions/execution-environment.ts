/** One isolated execution environment of a function: a worker thread with its own modules and variables. */

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

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
}

/** How an invocation ended. `died`: the environment is gone and another one must take its place. */
export type Outcome =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'died'; readonly message: string };

type Answer =
  | { readonly kind: 'result'; readonly json: string }
  | { readonly kind: 'error'; readonly message: string };

const BOOTSTRAP = new URL('./bootstrap.mjs', import.meta.url);

/** Node's own heap beside what the function was given; a worker cannot be limited to less than it needs to start. */
const YOUNG_GENERATION_MB = 16;

export class ExecutionEnvironment {
  private readonly worker: Worker;
  readonly spec: FunctionSpec;
  private settle: (outcome: Outcome) => void = () => {};
  private death: string | undefined;

  constructor(spec: FunctionSpec, onOutput: (line: string) => void) {
    this.spec = spec;
    this.worker = new Worker(BOOTSTRAP, {
      workerData: { module: pathToFileURL(spec.module).href, export: spec.export },
      env: { ...spec.variables },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: spec.memoryMb,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
    });
    this.worker.on('message', (answer: Answer) => this.settle(outcomeOf(answer)));
    this.worker.on('error', (error) => this.die(error.stack ?? error.message));
    this.worker.on('exit', () => this.die('The environment exited.'));
    forwardLines(this.worker.stdout, onOutput);
    forwardLines(this.worker.stderr, onOutput);
  }

  /** Handles one event; the caller never sends a second one before the first has ended. */
  async invoke(event: unknown): Promise<Outcome> {
    if (this.death) return { kind: 'died', message: this.death };
    const { name: functionName, timeoutMs } = this.spec;
    const timer = setTimeout(() => this.kill(`Task timed out after ${timeoutMs} ms.`), timeoutMs);
    const outcome = await new Promise<Outcome>((settle) => {
      this.settle = settle;
      const context = { deadline: Date.now() + timeoutMs, functionName, requestId: randomUUID() };
      this.worker.postMessage({ event: JSON.stringify(event), context });
    });
    clearTimeout(timer);
    return outcome;
  }

  /** Ends it at whatever line it is on, as Lambda may. */
  kill(reason: string): void {
    this.die(reason);
    void this.worker.terminate();
  }

  private die(reason: string): void {
    this.death ??= reason;
    this.settle({ kind: 'died', message: this.death });
  }
}

function outcomeOf(answer: Answer): Outcome {
  return answer.kind === 'error' ? answer : { kind: 'result', value: JSON.parse(answer.json) };
}

function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') onLine(line);
  });
}
