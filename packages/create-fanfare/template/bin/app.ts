/** The CDK app: `npx cdk deploy` runs it, and so do `npm start` and `npm test`. */

import { App } from 'aws-cdk-lib';
import { AppStack } from '../lib/app-stack.ts';

new AppStack(new App(), 'MyApp');
