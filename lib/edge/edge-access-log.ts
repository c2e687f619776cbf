/** Access log of the edge, as chosen fields: CloudFront's standard logging, version 2. */

import { ArnFormat, Aws, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnDelivery,
  CfnDeliveryDestination,
  CfnDeliverySource,
  LogGroup,
  type RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** No query string, no cookie, no referrer: tokens travel in the first, and the others say where people have been. */
const recordFields = [
  'date',
  'time',
  'x-edge-location',
  'x-edge-request-id',
  'c-ip',
  'cs-method',
  'x-host-header',
  'cs-uri-stem',
  'cs-protocol',
  'ssl-protocol',
  'ssl-cipher',
  'sc-status',
  'x-edge-result-type',
  'x-edge-detailed-result-type',
  'time-taken',
];

export interface EdgeAccessLogProps {
  readonly distribution: IDistribution;
  readonly retention: RetentionDays;
  readonly removal: RemovalPolicy;
}

export class EdgeAccessLog extends Construct {
  constructor(scope: Construct, id: string, { distribution, retention, removal }: EdgeAccessLogProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'LogGroup', { retention, removalPolicy: removal });
    logGroup.addToResourcePolicy(deliveryMayWrite(logGroup));

    // CloudFormation needs a name for both, and does not choose one. Both are deleted with the stack and when its creation fails.
    const name = `${Stack.of(this).stackName}-access`;
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: distribution.distributionArn,
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      outputFormat: 'json',
      destinationResourceArn: logGroup.logGroupArn,
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: name,
      deliveryDestinationArn: destination.attrArn,
      recordFields,
    });
    delivery.node.addDependency(source, logGroup);
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html */
function deliveryMayWrite(logGroup: LogGroup): PolicyStatement {
  const streams = Stack.of(logGroup).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${logGroup.logGroupName}:log-stream:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new PolicyStatement({
    principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [streams],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
