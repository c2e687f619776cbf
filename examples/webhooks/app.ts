/**
 * Both ways to call a webhook of another server, each a stack to try:
 *
 *     npx cdk deploy --app 'node --import tsx examples/webhooks/app.ts' -c stage=dev -c url=https://… Fanfare-webhooks
 */

import { App } from 'aws-cdk-lib';
import type { LifecycleType } from '../../lambdas/realtime/lifecycle/lifecycle.ts';
import { ApiDestinationStack } from './api-destination-stack.ts';
import { WebhookStack } from './webhook-stack.ts';

const app = new App();
const context = (name: string) => String(app.node.tryGetContext(name) ?? '');
const events: readonly LifecycleType[] = ['channel occupied', 'channel vacated'];
const props = { stage: context('stage'), url: context('url'), events };

new WebhookStack(app, 'Fanfare-webhooks', props);
new ApiDestinationStack(app, 'Fanfare-api-destination', props);
