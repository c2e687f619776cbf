/** Entry of the CDK command line: `npx cdk deploy -c stage=prod`. */

import { App } from 'aws-cdk-lib';
import { buildBundles, bundledCode } from '../lib/bundles.ts';
import { addStacks } from '../lib/stacks.ts';
import { deployedStage } from '../lib/stage-settings.ts';

const BUNDLES = '.build';

const app = new App();
const settings = deployedStage(app.node.tryGetContext('stage') ?? 'dev');
await buildBundles(BUNDLES);
addStacks(app, { settings, code: bundledCode(BUNDLES) });
