/** One call of an action of the application's own: sent once, or repeated under a key until its outcome is known. */

import type { Connection } from './connection.ts';
import type { Timers } from './platform/clock.ts';
import { type Command, type CommandResult, isTransientFailure } from './wire/command-result.ts';
import { FanfareError, localError } from './wire/errors.ts';
import { ID_BYTES } from './wire/frame-limits.ts';
import { fitting } from './wire/frame-size.ts';
import { jsonOf } from './wire/json.ts';

/** The parts of a connection that a call needs. */
export interface CallOwner {
  readonly settings: {
    readonly timers: Pick<Timers, 'after' | 'pause'>;
    readonly requestTimeoutMs: number;
    readonly moreBytes: number;
    retryMs(failures: number, last?: FanfareError): number;
  };
  /** Settles when there is a socket, or when the connection is closed. */
  connected(): Promise<unknown>;
  /** Sends a command on the current socket. Never rejects. */
  ask(command: Command): Promise<CommandResult>;
}

export interface Call {
  readonly name: string;
  readonly data: unknown;
  readonly key: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * How long a call with a key is repeated. A function that dies leaves its key busy for 15 s at most, and API Gateway answers for it
 * after 29 s. Milliseconds.
 */
const REPEATED_FOR_MS = 60_000;

/** @throws TypeError for a connection that is not one of `connect`, such as a wrapper of the application. */
export function ownerOf(connection: Connection): CallOwner {
  if (isOwner(connection)) return connection;
  throw new TypeError('The connection has to be the one that connect() has returned.');
}

function isOwner(connection: Connection): connection is Connection & CallOwner {
  // The build of the package shortens these names, in a text only if it is marked. No mark may follow `return`: the compiler of the tests
  // puts it on a line of its own, which ends the statement.
  const names = [/* @__KEY__ */ 'ask', /* @__KEY__ */ 'connected', /* @__KEY__ */ 'settings'];
  return names.every((name) => name in connection);
}

/**
 * The data of the reply.
 *
 * @throws FanfareError
 */
export async function callAction(owner: CallOwner, call: Call): Promise<unknown> {
  const { name, data, key, signal } = call;
  const { timers: clock, requestTimeoutMs } = owner.settings;
  // `undefined` is left out: no data.
  const text = jsonOf({ action: name, data, key });
  if (fitting([{ text }], ID_BYTES, owner.settings.moreBytes).length === 0)
    throw localError('too-large', 413);
  const { timeoutMs = key === undefined ? requestTimeoutMs : REPEATED_FOR_MS } = call;
  const over = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (run: () => void) => {
      if (over.signal.aborted) return;
      over.abort();
      cancel();
      signal?.removeEventListener('abort', close);
      run();
    };
    const close = () => end(() => reject(localError('closed', 499)));
    const cancel = clock.after(timeoutMs, () => end(() => reject(localError('timeout', 408))));
    signal?.addEventListener('abort', close);
    if (signal?.aborted) return close();
    void ask(owner, { text, repeats: key !== undefined }, over.signal).then((result) =>
      end(() => (result instanceof FanfareError ? reject(result) : resolve(result?.data))),
    );
  });
}

/** How often an action may fail inside before the call fails. Its handler may have a bug, which more repetitions do not mend. */
const MOST_INTERNAL = 3;

function isHopeless(result: CommandResult, failures: number): boolean {
  return result instanceof FanfareError && result.code === 'internal' && failures >= MOST_INTERNAL - 1;
}

/** A command with a key is repeated; another one waits for its reply. */
type KnownCommand = Command & { readonly repeats: boolean };

/** Nothing is sent any more when the call is over: its caller has been told that it failed. */
async function ask(
  owner: CallOwner,
  command: KnownCommand,
  over: AbortSignal,
): Promise<CommandResult | undefined> {
  const { timers: clock, retryMs } = owner.settings;
  for (let failures = 0; ; failures += 1) {
    await owner.connected();
    if (over.aborted) return undefined;
    const result = await owner.ask(command);
    if (!command.repeats || !isTransientFailure(result) || isHopeless(result, failures)) return result;
    await clock.pause(retryMs(failures, result instanceof FanfareError ? result : undefined));
  }
}
