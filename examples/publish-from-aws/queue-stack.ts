/**
 * Publishes what is sent to a queue, `{"channels":["public:orders"],"data":{"order":17}}`: a pipe makes each message into an event
 * of the type `fanfare.publish` on the default bus. The event names the stage that publishes it.
 */

import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The pipe may read a message twice. The message's id is its key, so it lands once. */
const detailFor = (stage: string) =>
  `{"stage": ${JSON.stringify(stage)}, "channels": <$.body.channels>, "data": <$.body.data>, "key": "<$.messageId>"}`;

export interface QueueProps extends StackProps {
  /** The stage that publishes the messages, in the same account and region. */
  readonly stage: string;
}

export class QueueStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: QueueProps) {
    super(scope, id, { description: 'A queue whose messages Fanfare publishes', ...props });

    const encrypted = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    const unsent = new Queue(this, 'Unsent', { ...encrypted, retentionPeriod: Duration.days(14) });
    const queue = new Queue(this, 'Queue', {
      ...encrypted,
      deadLetterQueue: { queue: unsent, maxReceiveCount: 5 },
    });
    const bus = EventBus.fromEventBusName(this, 'Bus', 'default');
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
    queue.grantConsumeMessages(role);
    bus.grantPutEventsTo(role);

    new CfnPipe(this, 'Pipe', {
      roleArn: role.roleArn,
      source: queue.queueArn,
      target: bus.eventBusArn,
      targetParameters: {
        inputTemplate: detailFor(stage),
        eventBridgeEventBusParameters: { source: 'orders', detailType: 'fanfare.publish' },
      },
    });
    new CfnOutput(this, 'QueueUrl', { value: queue.queueUrl });
  }
}
