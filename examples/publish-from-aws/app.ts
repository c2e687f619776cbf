/**
 * Three ways to publish to a stage that is deployed, for whoever tries them:
 *
 *     npx cdk deploy --app 'node --import tsx examples/publish-from-aws/app.ts' -c stage=dev Fanfare-uploads
 */

import { App } from 'aws-cdk-lib';
import { QueueStack } from './queue-stack.ts';
import { ScheduleStack } from './schedule-stack.ts';
import { UploadsStack } from './uploads-stack.ts';

const app = new App();

new UploadsStack(app, 'Fanfare-uploads', { stage: String(app.node.tryGetContext('stage') ?? 'dev') });
new QueueStack(app, 'Fanfare-queue');
new ScheduleStack(app, 'Fanfare-schedule');
