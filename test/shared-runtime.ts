/**
 * One runtime for the test files of a worker: the first file starts it, and it ends with the worker. Each file has users and channels of
 * its own, closes its connections, and changes nothing else of the runtime. A file that counts everything, kills or stops functions that
 * others use, or needs other settings starts its own.
 */

import { atEndOfWorker } from './running/end-of-worker.ts';
import { type Runtime, type RuntimeOptions, startRuntime } from './runtime.ts';
import { sharedAssembly } from './shared-assembly.ts';
import { type Mint, mintFor, tokenSecretOf } from './tokens.ts';

type OnInvoked = NonNullable<RuntimeOptions['onInvoked']>;
type OnOutput = NonNullable<RuntimeOptions['onOutput']>;
type OnNote = NonNullable<RuntimeOptions['onNote']>;

export interface SharedRuntime {
  readonly runtime: Runtime;
  readonly mint: Mint;
  /** The stage signs its own tokens with it. */
  readonly secret: string;
  /** Calls the listener after every invocation, until the answered function is called. */
  onInvoked(listener: OnInvoked): () => void;
  /** The same for each line that a function prints. */
  onOutput(listener: OnOutput): () => void;
  /** The same for each note of the runtime. */
  onNote(listener: OnNote): () => void;
}

let shared: Promise<SharedRuntime> | undefined;

/** The audience of a token for the HTTP API, of any stage. */
const SERVERS = /\/servers$/;

/** Which call has minted a token for a user first. */
const owners = new Map<string, symbol>();

/** The runtime of this worker, with the functions that earlier files have warmed up. A file calls this once. */
export async function sharedRuntime(): Promise<SharedRuntime> {
  shared ??= start();
  const { mint, ...others } = await shared;
  return { ...others, mint: ownUsers(mint) };
}

/** A revocation, an inbox and a count of connections are those of a user, so that two files must not have one in common. */
function ownUsers(mint: Mint): Mint {
  const file = Symbol('a test file');
  return (user, channels, more) => {
    const owner = owners.get(user) ?? file;
    const isServer = SERVERS.test(more?.audience ?? '');
    if (owner !== file && !isServer)
      throw new Error(`Another test file has the user ${user}: take another name.`);
    if (!isServer) owners.set(user, file);
    return mint(user, channels, more);
  };
}

async function start(): Promise<SharedRuntime> {
  const invoked = new Set<OnInvoked>();
  const output = new Set<OnOutput>();
  const notes = new Set<OnNote>();
  const runtime = await startRuntime({
    assemble: sharedAssembly,
    asyncRetryDelaysMs: [0],
    onInvoked: (...event) => tell(invoked, event),
    onOutput: (...line) => tell(output, line),
    onNote: (...note) => tell(notes, note),
  });
  atEndOfWorker(() => runtime.close());
  return {
    runtime,
    mint: await mintFor(runtime),
    secret: await tokenSecretOf(runtime),
    onInvoked: (listener) => listen(invoked, listener),
    onOutput: (listener) => listen(output, listener),
    onNote: (listener) => listen(notes, listener),
  };
}

function tell<Args extends unknown[]>(listeners: ReadonlySet<(...args: Args) => void>, args: Args): void {
  for (const listener of listeners) listener(...args);
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
