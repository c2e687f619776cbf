/** The app on your machine: what `npm start` and the tests run. */

import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RuntimeOptions, ServedApp } from 'fanfare-local';
import { assembleApp } from 'fanfare-local/assembly';
import { folderOfProcess } from 'fanfare-local/terminal';
import cdk from '../cdk.json' with { type: 'json' };

/** The folder of this project. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url));

const source = { from: { app: cdk.app }, project: PROJECT, stacks: [], parameters: new Map() };

/** Starts the app without an AWS account. Its data lives in memory. */
export function startBackend(options: Partial<RuntimeOptions> = {}): Promise<ServedApp> {
  return ServedApp.start({
    // Removed when the process ends.
    workFolder: folderOfProcess(),
    secretsFolder: path.join(PROJECT, '.fanfare-local/secrets'),
    // Each time into a folder of its own: the code that runs is in the last one.
    assemble: async (folder) => assembleApp(source, await mkdtemp(path.join(folder, 'app-'))),
    ...options,
  });
}
