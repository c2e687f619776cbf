/**
 * Lifecycle events as signed webhooks: a rule, a queue, and a function that signs and posts.
 *
 * The queue makes delivery reliable. A rule tries again only if it could not call the function; the queue keeps an event until the
 * receiver has accepted it, and after a day moves it to a second queue.
 */

import { fileURLToPath } from 'node:url';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import * as v from 'valibot';
import type { LifecycleType } from '../../lambdas/realtime/lifecycle/lifecycle.ts';
import { acceptFinding } from '../../lib/security/accepted-findings.ts';

export interface WebhookProps extends StackProps {
  /** The stage whose events are sent. */
  readonly stage: string;
  readonly events: readonly LifecycleType[];
  /** `https://…` */
  readonly url: string;
}

const TIMEOUT = Duration.seconds(30);

/** Six times the timeout of the function, as AWS advises. It is also the pause before the next attempt. */
const PAUSE = Duration.minutes(5);

/** For a day. */
const ATTEMPTS = Duration.days(1).toMinutes() / PAUSE.toMinutes();

/** The most that a receiver gets at once: five runs of the function with ten messages each. */
const CONCURRENCY = 5;

const httpsUrl = v.pipe(v.string(), v.url(), v.startsWith('https://', 'A webhook goes over https.'));

export class WebhookStack extends Stack {
  constructor(scope: Construct, id: string, { stage, events, url, ...props }: WebhookProps) {
    super(scope, id, { description: `Webhooks of Fanfare, stage ${stage}`, ...props });

    const encrypted = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    const undelivered = new Queue(this, 'Undelivered', { ...encrypted, retentionPeriod: Duration.days(14) });
    const queue = new Queue(this, 'Queue', {
      ...encrypted,
      visibilityTimeout: PAUSE,
      retentionPeriod: Duration.days(2),
      deadLetterQueue: { queue: undelivered, maxReceiveCount: ATTEMPTS },
    });
    new Rule(this, 'Rule', {
      description: 'Lifecycle events that go out as webhooks',
      eventPattern: { source: [`fanfare.${stage}`], detailType: [...events] },
      targets: [new SqsQueue(queue, { deadLetterQueue: undelivered })],
    });

    const secret = new Secret(this, 'Secret', {
      description: 'Signs webhooks; receivers know it as whsec_ and this text',
      // Letters and digits are base64, of 48 bytes.
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    acceptFinding(secret, 'SMG4', 'Receivers have a copy of it, which a rotation here would not change.');
    const deliver = this.deliverFunction(v.parse(httpsUrl, url), secret);
    secret.grantRead(deliver);
    deliver.addEventSource(
      new SqsEventSource(queue, { reportBatchItemFailures: true, maxConcurrency: CONCURRENCY }),
    );

    new CfnOutput(this, 'SecretName', { description: 'What receivers verify by', value: secret.secretName });
    new CfnOutput(this, 'UndeliveredUrl', {
      description: 'What did not arrive for a day',
      value: undelivered.queueUrl,
    });
  }

  private deliverFunction(url: string, secret: Secret): NodejsFunction {
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      // Kept when the stack is deleted, but not when its creation fails.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Instead of AWSLambdaBasicExecutionRole, which may write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return new NodejsFunction(this, 'Deliver', {
      description: 'Signs events and posts them',
      entry: fileURLToPath(new URL('deliver.ts', import.meta.url)),
      depsLockFilePath: fileURLToPath(new URL('../../package-lock.json', import.meta.url)),
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        // Some of the SDK's dependencies are CommonJS and call `require`, which an ES module does not have.
        banner:
          "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout: TIMEOUT,
      role,
      logGroup,
      environment: {
        WEBHOOK_URL: url,
        WEBHOOK_SECRET: secret.secretArn,
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
  }
}
