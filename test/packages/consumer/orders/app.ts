import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Fanfare } from 'fanfare';

const stack = new Stack(new App(), 'Shop');
const orders = new TableV2(stack, 'Orders', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  dynamoStream: StreamViewType.NEW_IMAGE,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
});
const issuer = process.env['SHOP_ISSUER'] ?? 'https://shop.example';
const realtime = new Fanfare(stack, 'Realtime', {
  config: 'realtime/fanfare.config.ts',
  tables: { orders },
  tokens: { issuers: [{ issuer, audience: 'shop' }] },
});
realtime.publishChanges(orders, 'realtime/announce.ts');
