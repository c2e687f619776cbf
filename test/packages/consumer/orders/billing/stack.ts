/** A second stack of the shop, for `Fanfare.fromAttributes`: a function of it publishes to the stage of the first one. */

import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as Lambda, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IConstruct } from 'constructs';
import { Fanfare, type IFanfare } from 'fanfare';

/** Another app would have the attributes from the outputs of the stack. */
export function addBilling(app: IConstruct, { name }: IFanfare): void {
  const stack = new Stack(app, 'Billing');
  const bills = new TableV2(stack, 'Bills', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_IMAGE,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const live = Fanfare.fromAttributes(stack, 'Live', {
    name,
    webSocketUrl: `wss://live.example/${name}`,
    apiUrl: `https://api.example/${name}`,
    managementEndpoint: `https://live.example/${name}`,
    tokenSecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:live-AbCdEf',
    webSocketApiId: 'live',
    httpApiId: 'api',
  });
  const tell = new Lambda(stack, 'Tell', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset('billing/tell'),
    environment: { STAGE: live.name },
  });
  tell.addEventSource(new DynamoEventSource(bills, { startingPosition: StartingPosition.TRIM_HORIZON }));
  live.grantPublish(tell);
}
