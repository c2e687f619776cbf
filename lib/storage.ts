/** The tables. Everything in them belongs to live connections, so TTL cleans up and no backup is worth its price. */

import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { TableName } from '../lambdas/manifest.ts';
import type { StageSettings } from './stage-settings.ts';

type Keys = Pick<TablePropsV2, 'partitionKey' | 'sortKey'>;

const keys: Readonly<Record<TableName, Keys>> = {
  connections: { partitionKey: { name: 'connectionId', type: AttributeType.STRING } },
  subscriptions: {
    partitionKey: { name: 'channelShard', type: AttributeType.STRING },
    sortKey: { name: 'connectionId', type: AttributeType.STRING },
  },
};

export class Storage extends Construct {
  readonly tables: Readonly<Record<TableName, TableV2>>;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.tables = {
      connections: this.table('Connections', keys.connections, settings),
      subscriptions: this.table('Subscriptions', keys.subscriptions, settings),
    };
  }

  private table(id: string, key: Keys, { removal }: StageSettings): TableV2 {
    return new TableV2(this, id, {
      ...key,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: removal,
      deletionProtection: removal === RemovalPolicy.RETAIN,
    });
  }
}
