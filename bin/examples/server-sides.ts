/**
 * Runs the server sides of the examples: each from the first request for its page until the runtime ends, or, if only the tour shows the
 * page, as long as it does.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { EXAMPLES } from './examples.ts';
import { serverToken, userToken } from './sign-in.ts';

const serverSide = v.object({ serve: v.function() });

/** How long a server side runs after the tour last said that it shows the page, which it says every five seconds. Milliseconds. */
const SHOWN_MS = 20_000;

interface Side {
  readonly ready: Promise<void>;
  readonly running: AbortController;
  /** Ends it when the tour shows its page no more. */
  ending: NodeJS.Timeout | undefined;
  /** Whether a page outside the tour has asked for it. */
  isKept: boolean;
}

export class ServerSides {
  readonly #folder: string;
  readonly #sides = new Map<string, Side>();

  /** @param folder The folder of the examples. */
  constructor(folder = EXAMPLES) {
    this.#folder = folder;
  }

  /**
   * Settles when the server side of an example is ready, and at once for an example that has none.
   *
   * @param whileShown Whether only the tour shows the page.
   * @throws what the server side throws, which is printed as well: a page gets only a status of 500. The next request for the page
   *   starts it again.
   */
  async start(name: string, origin: string, whileShown = false): Promise<void> {
    const file = path.join(this.#folder, name, 'server.ts');
    if (!existsSync(file)) return;
    const side = this.#sides.get(name) ?? started(file, origin);
    this.#sides.set(name, side);
    side.isKept ||= !whileShown;
    clearTimeout(side.ending);
    if (!side.isKept) side.ending = setTimeout(() => this.#end(name), SHOWN_MS).unref();
    try {
      await side.ready;
    } catch (error) {
      this.#end(name);
      process.stderr.write(`examples/${name}/server.ts: ${error}\n`);
      throw error;
    }
  }

  close(): void {
    for (const name of this.#sides.keys()) this.#end(name);
  }

  #end(name: string): void {
    const side = this.#sides.get(name);
    clearTimeout(side?.ending);
    side?.running.abort();
    this.#sides.delete(name);
  }
}

function started(file: string, origin: string): Side {
  const running = new AbortController();
  return { ready: run(file, origin, running.signal), running, ending: undefined, isKept: false };
}

async function run(file: string, origin: string, signal: AbortSignal): Promise<void> {
  const { serve } = v.parse(serverSide, await import(pathToFileURL(file).href));
  await serve({
    webSocketUrl: `${origin.replace('http', 'ws')}/local`,
    apiUrl: `${origin}/local`,
    userToken: (user: string) => userToken(user, origin),
    serverToken: (user: string) => serverToken(user, origin),
    signal,
  });
}
