/** An app that follows its source: it swaps in new code if it can, and otherwise starts again on the same port. */

import type { Assembly } from './cloud-assembly/read-assembly.ts';
import { type Reload, type Runtime, startRuntime } from './runtime.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { StartError } from './start-error.ts';
import { described } from './terminal/mistakes.ts';

export interface ServedAppOptions extends RuntimeOptions {
  /** It holds the code, so that it must outlive a restart. */
  readonly workFolder: string;
}

/** A sentence names at most this many changes, so that it fits on the screen. */
const MOST_NAMED = 5;

export class ServedApp {
  private readonly options: ServedAppOptions;
  private running: { readonly runtime: Runtime; readonly assembly: Assembly; readonly port: number };

  private constructor(options: ServedAppOptions, assembly: Assembly, runtime: Runtime) {
    this.options = options;
    this.running = { runtime, assembly, port: portOf(runtime) };
  }

  /** @throws StartError, or an error of `assemble`, for a mistake that the user can mend. */
  static async start(options: ServedAppOptions): Promise<ServedApp> {
    const assembly = await options.assemble(options.workFolder);
    return new ServedApp(options, assembly, await startRuntime(startingWith(assembly, options)));
  }

  get runtime(): Runtime {
    return this.running.runtime;
  }

  /**
   * Builds the changed source and serves it.
   *
   * @returns A sentence that says how it was taken in.
   * @throws When the new code cannot be served. The old code is served in that case.
   */
  async takeIn(): Promise<string> {
    const reload = await this.runtime.reload();
    if (reload.changes.length > 0) return this.restart(reload);
    this.running = { ...this.running, assembly: reload.assembly };
    return 'Reloaded.';
  }

  close(): Promise<void> {
    return this.runtime.close();
  }

  private async restart({ assembly, changes }: Reload): Promise<string> {
    const before = this.running.assembly;
    await this.runtime.close();
    try {
      await this.startAgain(assembly);
    } catch (error) {
      await this.startAgain(before);
      throw new StartError(`${described(error)}\nThe code before it was started again. ${LOST}`);
    }
    return `Restarted, because a running app cannot take this in: ${named(changes)}. ${LOST}`;
  }

  private async startAgain(assembly: Assembly): Promise<void> {
    const { port } = this.running;
    const runtime = await startRuntime({ ...startingWith(assembly, this.options), port });
    this.running = { runtime, assembly, port };
  }
}

const LOST = 'Connections were closed, and the tables are empty.';

function named(changes: readonly string[]): string {
  const more = changes.length - MOST_NAMED;
  return changes.slice(0, MOST_NAMED).join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** The start uses the given assembly. Later reloads call `assemble`. */
function startingWith(assembly: Assembly, options: ServedAppOptions): RuntimeOptions {
  const made = [assembly];
  return { ...options, assemble: async (outdir) => made.pop() ?? options.assemble(outdir) };
}

function portOf({ urls }: Runtime): number {
  return Number(new URL(urls.http).port);
}
