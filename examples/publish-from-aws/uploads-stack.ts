/** Publishes a message for each upload to a bucket. A rule turns S3's own event into a request to publish. */

import { ArnFormat, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Function as FunctionConstruct, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { stackNameOf } from '../../lib/settings/stack-name.ts';

export interface UploadsProps extends StackProps {
  /** The stage to publish to, in the same account and region. */
  readonly stage: string;
}

export class UploadsStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: UploadsProps) {
    super(scope, id, { description: 'Uploads as messages of Fanfare', ...props });

    const bucket = new Bucket(this, 'Bucket', {
      eventBridgeEnabled: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // Kept when the stack is deleted, but not when its creation fails.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    new Rule(this, 'Uploads', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] } },
      },
      targets: [
        new LambdaFunction(this.publishEvent(stage), {
          event: RuleTargetInput.fromObject({
            // Makes the message land once, also if the event is delivered twice.
            id: EventField.eventId,
            channels: ['public:uploads'],
            data: { name: EventField.fromPath('$.detail.object.key') },
          }),
        }),
      ],
    });
  }

  private publishEvent(stage: string): IFunction {
    const functionArn = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: `${stackNameOf(stage)}-publish-event`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return FunctionConstruct.fromFunctionAttributes(this, 'PublishEvent', {
      functionArn,
      sameEnvironment: true,
    });
  }
}
