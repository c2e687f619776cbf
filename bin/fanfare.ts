/** Entry of the CDK command line: `npx cdk deploy -c stage=prod`. */

import { App } from 'aws-cdk-lib';
import { sentenceOfMistake } from 'fanfare-local/terminal';
import { deployedStage } from '../lib/settings/stage-settings.ts';
import { addStacks } from '../lib/stacks.ts';

try {
  const app = new App();
  addStacks(app, { settings: deployedStage(app.node.tryGetContext('stage') ?? 'dev') });
} catch (error) {
  const mistake = sentenceOfMistake(error);
  if (mistake === undefined) throw error;
  process.stderr.write(`${mistake}\n`);
  // Exits at once. Otherwise the CDK would synthesize the incomplete app at the end of the process.
  process.exit(1);
}
