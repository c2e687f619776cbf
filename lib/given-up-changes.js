/** Where Lambda tells which changes of tables no function could read, after all attempts. */
import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptFinding } from './accepted-findings.js';
/** The longest that SQS keeps a message. */
const KEPT = Duration.days(14);
/**
 * One queue for all readers. A message says which stream, which shard, from which sequence number to which, and why; it holds
 * nothing of the items, so what people wrote is not in it. The records themselves stay in the stream for a day
 * (`docs/events.md`).
 */
export class GivenUpChanges extends Construct {
    queueUrl;
    /** For an event source mapping. */
    destination;
    constructor(scope, id) {
        super(scope, id);
        const queue = new Queue(this, 'Queue', {
            encryption: QueueEncryption.SQS_MANAGED,
            enforceSSL: true,
            retentionPeriod: KEPT,
        });
        acceptFinding(queue, 'SQS3', 'It is itself where failures go: people read it, and no function does.');
        this.queueUrl = queue.queueUrl;
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
