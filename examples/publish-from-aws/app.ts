/**
 * Three ways to publish to a stage that is deployed, each a stack to try:
 *
 *     npx cdk deploy --app 'node --import tsx examples/publish-from-aws/app.ts' -c stage=dev Fanfare-uploads
 */

import { App } from 'aws-cdk-lib';
import { QueueStack } from './queue-stack.ts';
import { ScheduleStack } from './schedule-stack.ts';
import { UploadsStack } from './uploads-stack.ts';

const app = new App();

const stage = String(app.node.tryGetContext('stage') ?? 'dev');

new UploadsStack(app, 'Fanfare-uploads', { stage });
new QueueStack(app, 'Fanfare-queue', { stage });
new ScheduleStack(app, 'Fanfare-schedule', { stage });
