/** Runs the server sides of the examples: each from the first request for its page until the runtime ends. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { EXAMPLES } from './examples.ts';
import { serverToken, userToken } from './sign-in.ts';

const serverSide = v.object({ serve: v.function() });

export class ServerSides {
  readonly #folder: string;
  readonly #started = new Map<string, Promise<void>>();
  #running = new AbortController();

  /** @param folder The folder of the examples. */
  constructor(folder = EXAMPLES) {
    this.#folder = folder;
  }

  /**
   * Settles when the server side of an example is ready, and at once for an example that has none.
   *
   * @throws what the server side throws, which is printed as well: a page gets only a status of 500. The next request for the page
   *   starts it again.
   */
  async start(name: string, origin: string): Promise<void> {
    const file = path.join(this.#folder, name, 'server.ts');
    if (!existsSync(file)) return;
    const started = this.#started.get(name) ?? run(file, origin, this.#running.signal);
    this.#started.set(name, started);
    try {
      await started;
    } catch (error) {
      this.#started.delete(name);
      process.stderr.write(`examples/${name}/server.ts: ${error}\n`);
      throw error;
    }
  }

  close(): void {
    this.#running.abort();
    this.#running = new AbortController();
    this.#started.clear();
  }
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
