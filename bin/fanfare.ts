/** Entry of the CDK command line: `npx cdk deploy -c stage=prod`. */

import { App } from 'aws-cdk-lib';
import { sentenceOfMistake } from 'fanfare-local/terminal';
import { bundledCode } from '../lib/assembly/bundled-code.ts';
import { buildBundles } from '../lib/assembly/bundles.ts';
import { deployedStage } from '../lib/settings/stage-settings.ts';

const BUNDLES = '.build';

try {
  // Inside, because a mistake in fanfare.config.ts can already show when it is loaded.
  const { addStacks } = await import('../lib/stacks.ts');
  const app = new App();
  const settings = deployedStage(app.node.tryGetContext('stage') ?? 'dev');
  await buildBundles(BUNDLES);
  addStacks(app, { settings, code: bundledCode(BUNDLES) });
} catch (error) {
  const mistake = sentenceOfMistake(error);
  if (mistake === undefined) throw error;
  process.stderr.write(`${mistake}\n`);
  // Exits at once. Otherwise the CDK would synthesize the incomplete app at the end of the process.
  process.exit(1);
}
