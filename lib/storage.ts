/** The tables, and for each whether it is worth a backup and when its items go. */

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

interface TableDesign {
  readonly keys: Pick<TablePropsV2, 'partitionKey' | 'sortKey'>;
  /** `for ever`, or when the attribute `expiresAt` says. */
  readonly items: 'for ever' | 'expire';
  /** What cannot be had again from the clients is worth a backup. */
  readonly backup: boolean;
}

const { STRING, NUMBER } = AttributeType;

const designs: Readonly<Record<TableName, TableDesign>> = {
  connections: {
    keys: { partitionKey: { name: 'connectionId', type: STRING } },
    items: 'expire',
    backup: false,
  },
  subscriptions: {
    keys: {
      partitionKey: { name: 'channelShard', type: STRING },
      sortKey: { name: 'connectionId', type: STRING },
    },
    items: 'expire',
    backup: false,
  },
  channels: {
    keys: { partitionKey: { name: 'channel', type: STRING } },
    items: 'for ever',
    backup: true,
  },
  messages: {
    keys: { partitionKey: { name: 'channel', type: STRING }, sortKey: { name: 'seq', type: NUMBER } },
    items: 'expire',
    backup: true,
  },
  publishKeys: {
    keys: { partitionKey: { name: 'publishKey', type: STRING } },
    items: 'expire',
    backup: false,
  },
  deliveryClaims: {
    keys: { partitionKey: { name: 'piece', type: STRING } },
    items: 'expire',
    backup: false,
  },
};

export class Storage extends Construct {
  readonly tables: Readonly<Record<TableName, TableV2>>;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.tables = {
      connections: this.table('Connections', designs.connections, settings),
      subscriptions: this.table('Subscriptions', designs.subscriptions, settings),
      channels: this.table('Channels', designs.channels, settings),
      messages: this.table('Messages', designs.messages, settings),
      publishKeys: this.table('PublishKeys', designs.publishKeys, settings),
      deliveryClaims: this.table('DeliveryClaims', designs.deliveryClaims, settings),
    };
  }

  private table(id: string, { keys, items, backup }: TableDesign, { removal }: StageSettings): TableV2 {
    return new TableV2(this, id, {
      ...keys,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      ...(items === 'expire' && { timeToLiveAttribute: 'expiresAt' }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: backup },
      removalPolicy: removal,
      deletionProtection: removal === RemovalPolicy.RETAIN,
    });
  }
}
