/** `fanfare-local`: serves any CDK app's template on this machine. */

import { billReport } from '../local/bill/bill-report.ts';
import { assembleApp } from '../local/cloud-assembly/assemble.ts';
import { appOf } from '../local/cloud-assembly/run-app.ts';
import { type Runtime, startRuntime } from '../local/runtime.ts';
import { runtimeOptions } from '../local/runtime-options.ts';
import { StartError } from '../local/start-error.ts';
import { LOCAL_USAGE, type LocalOptions, parseLocalOptions } from './fanfare-local-options.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

try {
  const options = parseLocalOptions(process.argv.slice(2));
  if (options.help) print(LOCAL_USAGE);
  else await run(options);
} catch (error) {
  report(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
}

async function run(options: LocalOptions): Promise<void> {
  const project = process.cwd();
  const from = options.from ?? (await ownApp(project));
  const { stacks, parameters, ignoreUnsupported } = options;
  const runtime = await startRuntime({
    ...runtimeOptions(options, report),
    assemble: (outdir) => assembleApp({ from, stacks, parameters, project }, outdir),
    ignoreUnsupported,
  });
  print(options.json ? readyLine(runtime) : banner(runtime));
  let isStopping = false;
  const stop = () => {
    if (options.bill && !isStopping) print(billReport(runtime.meter.bill()));
    isStopping = true;
    void runtime.close();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

async function ownApp(project: string): Promise<{ readonly app: string }> {
  const app = await appOf(project);
  if (app !== undefined) return { app };
  throw new StartError('Give --app or --template, or run this where cdk.json names an app.');
}

function readyLine({ urls, tables, outputs }: Runtime): string {
  return JSON.stringify({ ...urls, tables, outputs });
}

function banner({ urls, outputs }: Runtime): string {
  const lines = [
    ...Object.entries(urls.apis),
    ...Object.entries(urls.functionUrls),
    ['DynamoDB', urls.dynamodb],
    ...Object.entries(outputs).map(([name, value]) => [`Output ${name}`, value]),
  ];
  const width = Math.max(...lines.map(([name = '']) => name.length));
  const rows = lines.map(([name = '', value]) => `  ${name.padEnd(width)}  ${value}`);
  return `\nRunning. Ctrl-C stops it.\n\n${rows.join('\n')}\n`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function report(problem: unknown): void {
  process.stderr.write(`${problem instanceof Error ? problem.stack : String(problem)}\n`);
}
