/** `npm start`: the whole backend on this machine. */

import { BundleError } from '../lib/bundles.ts';
import { stackNameOf } from '../lib/stack-name.ts';
import { billReport } from './bill/bill-report.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { type Runtime, startRuntime } from './runtime.ts';
import { runtimeOptions } from './runtime-options.ts';
import { LOCAL_SECRETS } from './secrets/secret-files.ts';
import { StartError } from './start-error.ts';
import { watchSources } from './watch.ts';

// The validation engine takes seconds and has nothing to say here; `npm run synth` runs it.
process.env['CDK_VALIDATION'] ??= 'false';
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

await main();

async function main(): Promise<void> {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options.help) return print(USAGE);
    await run(options);
  } catch (error) {
    report(isMistake(error) ? error.message : error);
    process.exitCode = 1;
  }
}

async function run(options: Options): Promise<void> {
  const runtime = await startRuntime({
    ...runtimeOptions(options, report),
    secretsFolder: LOCAL_SECRETS,
  });
  print(options.json ? readyLine(runtime) : banner(runtime));
  const watcher = watchSources(() => void reload(runtime));

  const stop = () => {
    watcher.close();
    if (options.bill) print(billReport(runtime.meter.bill()));
    void runtime.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** The old code stays in place while the new one does not build. */
async function reload(runtime: Runtime): Promise<void> {
  try {
    await runtime.reload();
    report('Reloaded.');
  } catch (error) {
    report(isMistake(error) ? error.message : error);
  }
}

function readyLine({ urls, tables }: Runtime): string {
  return JSON.stringify({ ...urls, tables });
}

function banner({ urls }: Runtime): string {
  const fallback = urls.functionUrls[`${stackNameOf('local')}-fallback`];
  return `
Fanfare is running. Ctrl-C stops it.

  WebSocket   ${urls.websocket}
  HTTP        ${urls.http}
  Fallback    ${fallback}
  Console     ${urls.console}
`;
}

/** What the user can mend is said in a sentence; what they cannot is shown whole. */
function isMistake(error: unknown): error is StartError | BundleError {
  return error instanceof StartError || error instanceof BundleError;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function report(problem: unknown): void {
  process.stderr.write(`${problem instanceof Error ? problem.stack : String(problem)}\n`);
}
