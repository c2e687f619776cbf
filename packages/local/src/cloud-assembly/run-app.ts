/** Runs a CDK app as the CDK command line does, so that it writes its cloud assembly. */

import { once } from 'node:events';
import path from 'node:path';
import * as v from 'valibot';
import { StartError } from '../start-error.ts';
import { ACCOUNT, REGION } from '../template/account.ts';
import { spawnGroup } from '../terminal/exit-duties.ts';
import { readJsonIfPresent } from './read-json.ts';

const cdkJson = v.object({
  app: v.optional(v.string()),
  context: v.optional(v.record(v.string(), v.unknown()), {}),
});

const cachedContext = v.record(v.string(), v.unknown());

/**
 * The context that the CDK command line passes, without the metadata, which would only make templates longer. By `fanfare-local` an app
 * knows that it is synthesized for this machine.
 */
const CONTEXT = {
  'aws:cdk:enable-path-metadata': false,
  'aws:cdk:enable-asset-metadata': false,
  'aws:cdk:version-reporting': false,
  'fanfare-local': true,
};

/** The command of `cdk.json`, if the project has one. */
export async function appOf(project: string): Promise<string | undefined> {
  return (await readJsonIfPresent(path.join(project, 'cdk.json'), cdkJson))?.app;
}

/**
 * Runs the command in a shell in the folder of the project. Its output goes to the standard error.
 *
 * @throws StartError when the command fails.
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/README.md
 */
export async function runApp(command: string, project: string, outdir: string): Promise<void> {
  const child = spawnGroup(command, [], {
    shell: true,
    cwd: project,
    // The standard output is reserved for the ready line of the runtime.
    stdio: ['ignore', 2, 'inherit'],
    env: {
      // The validation takes seconds, and matters only for a deployment.
      CDK_VALIDATION: 'false',
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(await contextOf(project)),
      CDK_DEFAULT_ACCOUNT: ACCOUNT,
      CDK_DEFAULT_REGION: REGION,
    },
  });
  const [code, signal] = await once(child, 'close');
  if (code === 0) return;
  throw new StartError(`The app failed with ${signal ?? `exit code ${code}`}: ${command}`);
}

/** The context of `cdk.json`, and the values that earlier runs have looked up. */
async function contextOf(project: string): Promise<Readonly<Record<string, unknown>>> {
  const own = await readJsonIfPresent(path.join(project, 'cdk.json'), cdkJson);
  const lookedUp = await readJsonIfPresent(path.join(project, 'cdk.context.json'), cachedContext);
  return { ...own?.context, ...lookedUp, ...CONTEXT };
}
