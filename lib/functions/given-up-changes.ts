/** The queue in which Lambda reports the changes of tables that no function could process, after all attempts. */

import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptFinding } from '../security/accepted-findings.ts';

/** The longest that SQS keeps a message. */
const KEPT = Duration.days(14);

/**
 * One queue for all readers. A message names the stream, the shard, the first and last sequence number, and the reason. It has no data of
 * the items, so no text that people wrote is in it. The records themselves stay in the stream for a day
 * (`docs/events.md`).
 */
export class GivenUpChanges extends Construct {
  readonly queue: IQueue;
  /** For an event source mapping. */
  readonly destination: IEventSourceDlq;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: KEPT,
    });
    acceptFinding(queue, 'SQS3', 'It is itself where failures go: people read it, and no function does.');
    this.queue = queue;
    this.destination = {
      bind(_mapping, target) {
        // `grantSendMessages` would also let it look up the queue's address and attributes.
        Grant.addToPrincipal({
          grantee: target,
          actions: ['sqs:SendMessage'],
          resourceArns: [queue.queueArn],
        });
        return { destination: queue.queueArn };
      },
    };
  }
}
