/** The topic to which alarms go, and the addresses that get them by e-mail. */

import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acceptFinding } from '../security/accepted-findings.ts';
import type { Encryption } from '../security/encryption.ts';

export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, emails: readonly string[], encryption: Encryption) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.arn = topic.topicArn;
    encryption.encryptTopic(topic);
    if (!encryption.key.encryptionKey)
      acceptFinding(
        topic,
        'SNS2',
        'CloudWatch cannot use the key that AWS manages for SNS. A message has the name and the numbers of an alarm, and no text of people.',
      );
    // A topic with a policy of its own has none of the rights that it has by default.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    for (const [index, endpoint] of emails.entries())
      new CfnSubscription(this, `Email${index + 1}`, { topicArn: this.arn, protocol: 'email', endpoint });
  }
}
