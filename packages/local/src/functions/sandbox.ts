/** What an execution environment runs in: a process of its own, or a thread. */

import type { Readable } from 'node:stream';
import type { EnvironmentStart, FromEnvironment, ToEnvironment } from './environment-messages.ts';
import type { Failure } from './outcome.ts';

/**
 * `processes`: as on Lambda, the working directory is the folder of the code, the time zone is UTC, and the function is frozen
 * after its answer. `threads`: they start sooner and need less memory. They share the working directory and the time zone of this
 * process, and go on after their answer.
 */
export type Isolation = 'processes' | 'threads';

/** How a sandbox is started. */
export interface SandboxStart extends EnvironmentStart {
  /** The complete `process.env`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
}

export interface SandboxEvents {
  readonly onMessage: (message: FromEnvironment) => void;
  /** The code has ended, or never began. */
  readonly onEnd: (death: Failure) => void;
}

export interface Sandbox {
  readonly stdout: Readable;
  readonly stderr: Readable;
  send(message: ToEnvironment): void;
  /** Stops the code between two events. */
  freeze(): void;
  thaw(): void;
  /** Ends the code at once, in the middle of a line. */
  kill(): void;
}
