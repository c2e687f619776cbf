/** Runs a module in a process of its own, which gets one message at its start and answers by messages. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import * as v from 'valibot';

/** @param flags for Node.js, beside those of this process. */
export function start(module: URL, told: unknown, flags: readonly string[] = []): ChildProcess {
  return fork(module, [JSON.stringify(told)], { execArgv: [...process.execArgv, ...flags] });
}

/**
 * The next message of the child.
 *
 * @throws Error when it exits without a message, or sends another kind of message.
 */
export async function nextMessage<Schema extends v.GenericSchema>(
  child: ChildProcess,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const waiting = new AbortController();
  const options = { signal: waiting.signal };
  const exit = once(child, 'exit', options).then(([code]) => {
    throw new Error(`A process of a benchmark exited with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', options), exit]);
    return v.parse(schema, message);
  } finally {
    waiting.abort();
    exit.catch(() => {});
  }
}

/** Runs a module that says one thing and ends. */
export async function resultOf<Schema extends v.GenericSchema>(
  module: URL,
  told: unknown,
  schema: Schema,
  flags: readonly string[] = [],
): Promise<v.InferOutput<Schema>> {
  const child = start(module, told, flags);
  const result = await nextMessage(child, schema);
  child.kill();
  return result;
}

/** Sends a message to the parent process. */
export function tellParent(message: object): void {
  process.send?.(message);
}
