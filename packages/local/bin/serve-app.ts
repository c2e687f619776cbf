/** `fanfare-local` after its flags are read: starts the app and prints its URLs. */

import { billReport } from '../src/bill/bill-report.ts';
import { assembleApp } from '../src/cloud-assembly/assemble.ts';
import { appOf } from '../src/cloud-assembly/run-app.ts';
import { type Runtime, startRuntime } from '../src/runtime.ts';
import { runtimeOptions } from '../src/runtime-flags.ts';
import { StartError } from '../src/start-error.ts';
import { banner, type Place } from '../src/terminal/banner.ts';
import { atExit, folderOfProcess } from '../src/terminal/exit-duties.ts';
import type { Progress } from '../src/terminal/progress.ts';
import type { LocalOptions } from './cli-options.ts';

/** @throws StartError for a mistake that the user can mend. */
export async function serveApp(options: LocalOptions, progress: Progress): Promise<void> {
  const project = process.cwd();
  const from = options.from ?? (await ownApp(project));
  const { stacks, parameters, ignoreUnsupported } = options;
  const onStep = progress.step.bind(progress);
  const runtime = await startRuntime({
    ...runtimeOptions(options, (line) => progress.line(line)),
    workFolder: folderOfProcess(),
    async assemble(outdir) {
      onStep('Synthesizing');
      return assembleApp({ from, stacks, parameters, project }, outdir);
    },
    onStep,
    ignoreUnsupported,
  });
  progress.done();
  const { stdout } = process;
  stdout.write(`${options.json ? readyLine(runtime) : running(runtime, stdout.isTTY)}\n`);
  if (options.bill) atExit(() => void stdout.write(`${billReport(runtime.meter.bill())}\n`));
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
