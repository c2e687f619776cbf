/**
 * Lifecycle events as requests with an API key, without any code: EventBridge posts each event unchanged, and tries again for a
 * day. It signs nothing, so any holder of the key can send such a request.
 */

import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, HttpMethod, Rule } from 'aws-cdk-lib/aws-events';
import { ApiDestination as DestinationTarget } from 'aws-cdk-lib/aws-events-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acceptFinding } from '../../lib/security/accepted-findings.ts';
import type { WebhookProps } from './webhook-stack.ts';

/** The longest and the most that EventBridge tries. */
const RETRIES = { maxEventAge: Duration.days(1), retryAttempts: 185 };

export class ApiDestinationStack extends Stack {
  constructor(scope: Construct, id: string, { stage, events, url, ...props }: WebhookProps) {
    super(scope, id, { description: `Events of Fanfare, stage ${stage}, to a server`, ...props });

    const undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acceptFinding(
      undelivered,
      'SQS3',
      'It is the dead-letter queue itself, of a rule, which is not looked at.',
    );
    const key = new Secret(this, 'Key', {
      description: 'By which the receiver knows EventBridge',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    acceptFinding(key, 'SMG4', 'The receiver has a copy of it, which a rotation here would not change.');
    const connection = new Connection(this, 'Connection', {
      description: 'Sends an API key along',
      authorization: Authorization.apiKey('X-Api-Key', key.secretValue),
    });
    // EventBridge takes no other URL than https.
    const destination = new ApiDestination(this, 'Destination', {
      connection,
      endpoint: url,
      httpMethod: HttpMethod.POST,
      rateLimitPerSecond: 50,
    });
    // By its ARN, because with exact optional properties the class does not match its own interface.
    const target = ApiDestination.fromApiDestinationAttributes(this, 'Target', {
      apiDestinationArn: destination.apiDestinationArn,
      apiDestinationArnForPolicy: destination.apiDestinationArnForPolicy ?? destination.apiDestinationArn,
      connection,
    });
    new Rule(this, 'Rule', {
      description: 'Lifecycle events that a server wants',
      eventPattern: { source: [`fanfare.${stage}`], detailType: [...events] },
      targets: [new DestinationTarget(target, { ...RETRIES, deadLetterQueue: undelivered })],
    });
    new CfnOutput(this, 'KeyName', { description: 'What the receiver compares with', value: key.secretName });
  }
}
