/** Starts the runtime on a template and functions that a test writes itself. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { type Runtime, type RuntimeOptions, startRuntime } from '../runtime.ts';

/** Source of a function, as an ES module that exports `handler`. */
export type Sources = Readonly<Record<string, string>>;

/** The runtime serves `template`, in which `S3Key: "<name>"` is the function whose source has that name. */
export function runTemplate(
  template: unknown,
  sources: Sources,
  options: RuntimeOptions = {},
): Promise<Runtime> {
  return startRuntime({
    async assemble(outdir) {
      for (const [name, source] of Object.entries(sources)) {
        await mkdir(path.join(outdir, name), { recursive: true });
        await writeFile(path.join(outdir, name, 'index.mjs'), source);
      }
      return { template: parseTemplate(template), codeFolder: (s3Key) => path.join(outdir, s3Key) };
    },
    ...options,
  });
}
