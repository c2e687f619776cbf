/** The stacks of the examples can be created again after a creation that failed, and after they were deleted. */

import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { QueueStack } from '../../examples/publish-from-aws/queue-stack.ts';
import { ScheduleStack } from '../../examples/publish-from-aws/schedule-stack.ts';
import { UploadsStack } from '../../examples/publish-from-aws/uploads-stack.ts';
import { ApiDestinationStack } from '../../examples/webhooks/api-destination-stack.ts';
import { WebhookStack } from '../../examples/webhooks/webhook-stack.ts';
import { isNamed, kindOf, resourcesIn } from '../lib/leftovers.ts';

const webhooks = {
  stage: 'prod',
  url: 'https://example.com/hook',
  events: ['channel occupied'] as const,
};

/** Without bundling a function. */
const newApp = () => new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });

describe.each<[string, (app: App) => Stack]>([
  ['uploads', (app) => new UploadsStack(app, 'Uploads', { stage: 'dev' })],
  ['queue', (app) => new QueueStack(app, 'Queue', { stage: 'dev' })],
  ['schedule', (app) => new ScheduleStack(app, 'Schedule', { stage: 'dev' })],
  ['webhooks', (app) => new WebhookStack(app, 'Webhooks', webhooks)],
  ['API destination', (app) => new ApiDestinationStack(app, 'Destination', webhooks)],
])('the example %s', (_name, make) => {
  const all = resourcesIn(Template.fromStack(make(newApp())));

  it('leaves nothing behind when its creation fails', () => {
    expect(all.length).toBeGreaterThan(2);
    expect(all.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(kindOf)).toEqual([]);
  });

  it('has no fixed name at all', () => {
    expect(all.filter(isNamed).map(kindOf)).toEqual([]);
  });
});
