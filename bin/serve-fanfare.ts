/** `npm start` after its flags are read: starts the app, prints its URLs, and takes in changes of its source. */

import { billReport, oneAtATime, type Runtime, ServedApp } from 'fanfare-local';
import { type Options, runtimeOptions } from 'fanfare-local/flags';
import { atExit, banner, described, folderOfProcess, type Progress } from 'fanfare-local/terminal';
import { synthesizeApart } from '../lib/assembly/synthesize-apart.ts';
import { watchSources } from '../lib/assembly/watch-sources.ts';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { withFanfare } from './fanfare-runtime.ts';
import { LOCAL_SECRETS } from './local-secrets.ts';

/** @throws StartError for a mistake that the user can mend. */
export async function start(options: Options, progress: Progress): Promise<void> {
  const onStep = progress.step.bind(progress);
  const starting = ServedApp.start({
    ...withFanfare(),
    ...runtimeOptions(options, (line) => progress.line(line)),
    secretsFolder: LOCAL_SECRETS,
    workFolder: folderOfProcess(),
    onStep,
    assemble: (outdir) => synthesizeApart(outdir, onStep),
  });
  // The watch begins before the start is done, so that it sees an edit during the start.
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

/** The running process has loaded modules of these files and cannot exchange them. */
const OF_THE_PROCESS = /^packages[/\\](?:local(?:[/\\]|$)|protocol[/\\]src[/\\]limits\.ts$)/;

/** The functions load none of these files. */
const OF_THE_PROCESS_ONLY = /^packages[/\\]local(?:[/\\]|$)/;

function tellOfOwn(changed: ReadonlySet<string>, progress: Progress): void {
  const own = [...changed].filter((name) => OF_THE_PROCESS.test(name));
  if (own.length === 0) return;
  progress.line(
    `${own.join(', ')} is part of the local runtime, which does not take it in while it runs: stop it with Ctrl-C, and start it again.`,
  );
}

/** If the new code does not build, the old code keeps running. */
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
