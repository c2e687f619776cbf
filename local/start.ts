/** `npm start`, once its flags are known: starts the app, says where it is, and takes in changes of its source. */

import { stackNameOf } from '../lib/stack-name.ts';
import { banner } from './banner.ts';
import { billReport } from './bill/bill-report.ts';
import { atExit, folderOfProcess } from './exit-duties.ts';
import { described } from './mistakes.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Options } from './options.ts';
import type { Progress } from './progress.ts';
import type { Runtime } from './runtime.ts';
import { runtimeOptions } from './runtime-options.ts';
import { LOCAL_SECRETS } from './secrets/secret-files.ts';
import { ServedApp } from './served-app.ts';
import { synthesizeApart } from './synthesize-apart.ts';
import { watchSources } from './watch.ts';

/** @throws StartError, in one sentence, for what its user can mend. */
export async function start(options: Options, progress: Progress): Promise<void> {
  const onStep = progress.step.bind(progress);
  const starting = ServedApp.start({
    ...runtimeOptions(options, (line) => progress.line(line)),
    secretsFolder: LOCAL_SECRETS,
    workFolder: folderOfProcess(),
    onStep,
    assemble: (outdir) => synthesizeApart(outdir, onStep),
  });
  // From now on, because an edit during the start has to be taken in as well.
  const reload = oneAtATime(async () => reloadAndTell(await starting, progress));
  watchSources((changed) => {
    tellOfOwn(changed, progress);
    if ([...changed].some((name) => !OF_THE_PROCESS_ONLY.test(name))) void reload();
  });
  const app = await starting;
  progress.done();
  const { stdout } = process;
  stdout.write(`${options.json ? readyLine(app.runtime) : started(app.runtime, stdout.isTTY)}\n`);
  if (options.bill) atExit(() => void stdout.write(`${billReport(app.runtime.meter.bill())}\n`));
}

/** Modules of these are loaded by the running process, which cannot exchange them. */
const OF_THE_PROCESS = /^local(?:[/\\]|$)|^protocol[/\\]limits\.ts$/;

/** Of these, the functions load nothing. */
const OF_THE_PROCESS_ONLY = /^local(?:[/\\]|$)/;

function tellOfOwn(changed: ReadonlySet<string>, progress: Progress): void {
  const own = [...changed].filter((name) => OF_THE_PROCESS.test(name));
  if (own.length === 0) return;
  progress.line(
    `${own.join(', ')} is part of the local runtime, which does not take it in while it runs: stop it with Ctrl-C, and start it again.`,
  );
}

/** The old code stays in place while the new one does not build. */
async function reloadAndTell(app: ServedApp, progress: Progress): Promise<void> {
  const told = await app.takeIn().catch(described);
  progress.done();
  progress.line(told);
}

function readyLine({ urls, tables }: Runtime): string {
  return JSON.stringify({ ...urls, tables });
}

function started({ urls }: Runtime, isTerminal: boolean): string {
  const fallback = urls.functionUrls[`${stackNameOf('local')}-fallback`];
  const places = [
    ['WebSocket', urls.websocket],
    ['HTTP', urls.http],
    ...(fallback === undefined ? [] : [['Fallback', fallback] as const]),
  ] as const;
  const open = new URL('/', urls.console).href;
  return banner({ title: 'Fanfare is running.', open, places }, isTerminal);
}
