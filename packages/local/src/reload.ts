/** Builds the app again while it runs, and swaps in the code of its functions if nothing else has changed. */

import type { BillMeter } from './bill/bill-meter.ts';
import type { Assembly } from './cloud-assembly/read-assembly.ts';
import type { Functions } from './functions/functions.ts';
import { readApp } from './read-app.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { changesForRestart } from './template-changes.ts';

export interface Reload {
  readonly assembly: Assembly;
  /** The changes that take a new start, each in a few words. Until then the old code runs. If it is empty, the new code runs. */
  readonly changes: readonly string[];
}

interface Running {
  /** The one that the running app was started with. */
  readonly assembly: Assembly;
  readonly outdir: string;
  readonly options: RuntimeOptions;
  readonly functions: Functions;
  readonly meter: BillMeter;
}

export function reloader({ assembly, outdir, options, functions, meter }: Running): () => Promise<Reload> {
  return async () => {
    const next = await options.assemble(outdir);
    const { model, codeFolder } = await readApp(next, outdir, options);
    const changes = changesForRestart(assembly.template, next.template);
    if (changes.length > 0) return { assembly: next, changes };
    functions.load(model.functions, codeFolder);
    meter.load(model.functions);
    return { assembly: next, changes };
  };
}
