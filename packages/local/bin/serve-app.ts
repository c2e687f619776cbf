/** `fanfare-local` after its flags are read: starts the app and prints its URLs. */

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { billReport } from '../src/bill/bill-report.ts';
import { assembleApp } from '../src/cloud-assembly/assemble.ts';
import { appOf } from '../src/cloud-assembly/run-app.ts';
import { oneAtATime } from '../src/one-at-a-time.ts';
import type { Runtime } from '../src/runtime.ts';
import { runtimeOptions } from '../src/runtime-flags.ts';
import { ServedApp } from '../src/served-app.ts';
import { StartError } from '../src/start-error.ts';
import { banner, type Place } from '../src/terminal/banner.ts';
import { atExit, folderOfProcess } from '../src/terminal/exit-duties.ts';
import { described } from '../src/terminal/mistakes.ts';
import type { Progress } from '../src/terminal/progress.ts';
import { appSources, Contents } from '../src/watch/app-sources.ts';
import { watchFolders } from '../src/watch/watched-folders.ts';
import type { LocalOptions } from './cli-options.ts';

/** @throws StartError for a mistake that the user can mend. */
export async function serveApp(options: LocalOptions, progress: Progress): Promise<void> {
  const project = process.cwd();
  const from = options.from ?? (await ownApp(project));
  const { stacks, parameters, ignoreUnsupported } = options;
  const onStep = progress.step.bind(progress);
  const starting = ServedApp.start({
    ...runtimeOptions(options, (line) => progress.line(line)),
    workFolder: folderOfProcess(),
    secretsFolder: path.join(project, ...SECRETS),
    async assemble(outdir) {
      onStep('Synthesizing');
      return assembleApp({ from, stacks, parameters, project }, outdir);
    },
    onStep,
    ignoreUnsupported,
  });
  // The watch begins before the start is done, so that it sees an edit during the start.
  if ('app' in from) follow(starting, project, progress);
  const app = await starting;
  hideFromGit(path.join(project, ...SECRETS));
  progress.done();
  const { stdout } = process;
  stdout.write(`${options.json ? readyLine(app.runtime) : running(app.runtime, stdout.isTTY)}\n`);
  if (options.bill) atExit(() => void stdout.write(`${billReport(app.runtime.meter.bill())}\n`));
}

/** Below the project: generated secrets, so that tokens stay valid after a restart. */
const SECRETS = ['.fanfare-local', 'secrets'];

/** A folder that ignores itself needs no line in the project's `.gitignore`. */
function hideFromGit(secrets: string): void {
  if (existsSync(secrets)) writeFileSync(path.join(secrets, '../.gitignore'), '*\n');
}

/** Takes in each change of the app's sources. If the new code does not build, the old code keeps running. */
function follow(starting: Promise<ServedApp>, project: string, progress: Progress): void {
  const contents = new Contents(project);
  const reload = oneAtATime(async () => {
    const told = await (await starting).takeIn().catch(described);
    progress.done();
    progress.line(told);
  });
  watchFolders(project, appSources, (changed) => {
    const names = [...changed].filter((name) => contents.hasChanged(name));
    if (names.length > 0) void reload();
  });
}

async function ownApp(project: string): Promise<{ readonly app: string }> {
  const app = await appOf(project);
  if (app !== undefined) return { app };
  throw new StartError('Give --app or --template, or run this where cdk.json names an app.');
}

function readyLine({ urls, tables, outputs }: Runtime): string {
  return JSON.stringify({ ...urls, tables, outputs });
}

function running({ urls, outputs }: Runtime, isTerminal: boolean): string {
  const places: readonly Place[] = [
    ...Object.entries(urls.apis),
    ...Object.entries(urls.functionUrls),
    ['DynamoDB', urls.dynamodb],
    ...Object.entries(outputs).map(([name, value]) => [`Output ${name}`, value] as const),
  ];
  return banner({ title: 'Running.', places }, isTerminal);
}
