/** Encryption at rest: by keys that AWS manages, or by one key of the stack for all of its data. */

import { Aws, Duration } from 'aws-cdk-lib';
import { CfnGlobalTable, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, type Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic, type Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageSettings } from '../settings/stage-settings.ts';

/** Without wildcards; the pairs of data keys that one would add are for asymmetric encryption. */
const TO_ENCRYPT_AND_DECRYPT = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

export class Encryption extends Construct {
  /** To spread into the properties of log groups; empty where AWS manages the keys. */
  readonly key: { readonly encryptionKey?: Key };

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.key = settings.encryption === 'customer-managed' ? { encryptionKey: this.ownKey(settings) } : {};
  }

  /** For a table that has an AWS managed key; the L2 takes no other in a stack that may be deployed to any region. */
  encryptTable(table: TableV2): void {
    const { encryptionKey } = this.key;
    if (!encryptionKey) return;
    const { defaultChild } = table.node;
    if (!(defaultChild instanceof CfnGlobalTable)) throw new Error('The table has no resource');
    defaultChild.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: encryptionKey.keyArn });
  }

  /**
   * The L2 would also add statements to the key's policy, with a domain that other partitions do not have. The key's policy
   * leaves its use to IAM, and so needs no statement for secrets.
   */
  encryptSecret(secret: Secret): void {
    const { encryptionKey } = this.key;
    if (!encryptionKey) return;
    const { defaultChild } = secret.node;
    if (!(defaultChild instanceof CfnSecret)) throw new Error('The secret has no resource');
    defaultChild.kmsKeyId = encryptionKey.keyArn;
  }

  /** Alarms publish to the topic, so CloudWatch may use the key from now on. */
  encryptTopic(topic: Topic): void {
    const { encryptionKey } = this.key;
    if (!encryptionKey) return;
    const { defaultChild } = topic.node;
    if (!(defaultChild instanceof CfnTopic)) throw new Error('The topic has no resource');
    defaultChild.kmsMasterKeyId = encryptionKey.keyArn;
    encryptionKey.addToResourcePolicy(alarmsMayUse());
  }

  /**
   * DynamoDB uses a customer managed key with the permissions of its caller.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  grantTables(grantee: IGrantable): void {
    this.grant(grantee, 'dynamodb', TO_ENCRYPT_AND_DECRYPT);
  }

  grantSecrets(grantee: IGrantable): void {
    this.grant(grantee, 'secretsmanager', ['kms:Decrypt']);
  }

  /** Only through the service: a function that is taken over cannot turn to the key itself. */
  private grant(grantee: IGrantable, service: string, actions: readonly string[]): void {
    const { encryptionKey } = this.key;
    if (!encryptionKey) return;
    Grant.addToPrincipal({
      grantee,
      actions: [...actions],
      resourceArns: [encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    });
  }

  private ownKey({ name, removal }: StageSettings): Key {
    const key = new Key(this, 'Key', {
      description: `Fanfare, stage ${name}: tables, secrets and logs`,
      enableKeyRotation: true,
      // Without the key, no person can read the encrypted data again. So the longest waiting time applies.
      pendingWindow: Duration.days(30),
      removalPolicy: removal,
    });
    key.addToResourcePolicy(logsMayUse());
    return key;
  }
}

/**
 * CloudWatch Logs takes a key only if the key's own policy lets it, here for log groups of this account and region.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function logsMayUse(): PolicyStatement {
  const logGroups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`;
  return new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
    actions: TO_ENCRYPT_AND_DECRYPT,
    // In a key's policy: this key.
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
  });
}

/**
 * An alarm publishes to an encrypted topic only if the key's own policy lets CloudWatch use it, here for alarms of this account.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
function alarmsMayUse(): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
    // In a key's policy: this key.
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
