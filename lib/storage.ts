/** The tables: their keys, which have a backup, and which delete their items by TTL. */

import {
  AttributeType,
  Billing,
  CfnGlobalTable,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IndexName, TableName } from '../lambdas/manifest/manifest.ts';
import type { Encryption } from './security/encryption.ts';
import { streamedTables } from './settings/deployed-functions.ts';
import type { StageSettings } from './settings/stage-settings.ts';

interface TableDesign {
  readonly keys: Pick<TablePropsV2, 'partitionKey' | 'sortKey'>;
  /** `for ever`, or until the time in the attribute `expiresAt`. */
  readonly items: 'for ever' | 'expire';
  /** True if clients could not restore the data. */
  readonly backup: boolean;
  readonly index?: GlobalSecondaryIndexPropsV2 & { readonly indexName: IndexName };
}

const { STRING, NUMBER } = AttributeType;

const designs: Readonly<Record<TableName, TableDesign>> = {
  connections: {
    keys: { partitionKey: { name: 'connectionId', type: STRING } },
    items: 'expire',
    backup: false,
    // For the sweep. The index has so few attributes that adding a channel does not write to it.
    index: {
      indexName: 'ByEnd',
      partitionKey: { name: 'endLane', type: NUMBER },
      sortKey: { name: 'closesAt', type: NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['handshakeUntil'],
    },
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
  values: {
    keys: { partitionKey: { name: 'channel', type: STRING }, sortKey: { name: 'name', type: STRING } },
    items: 'expire',
    backup: true,
  },
  publishKeys: {
    keys: { partitionKey: { name: 'publishKey', type: STRING } },
    items: 'expire',
    backup: false,
  },
  // Rows expire about a minute after their connection is idle. A lost row allows a connection one burst more.
  charges: {
    keys: { partitionKey: { name: 'connectionId', type: STRING } },
    items: 'expire',
    backup: false,
  },
  deliveryClaims: {
    keys: { partitionKey: { name: 'piece', type: STRING } },
    items: 'expire',
    backup: false,
  },
  // Rows stay for ever, because a stolen token may be valid for any time.
  revocations: {
    keys: { partitionKey: { name: 'user', type: STRING } },
    items: 'for ever',
    backup: true,
  },
  // Without it, users see messages of the last hours again.
  readPositions: {
    keys: {
      partitionKey: { name: 'user', type: STRING },
      sortKey: { name: 'channel', type: STRING },
    },
    items: 'expire',
    backup: false,
  },
  httpSessions: {
    keys: { partitionKey: { name: 'sessionKey', type: STRING } },
    items: 'expire',
    backup: false,
  },
  mailboxes: {
    keys: {
      partitionKey: { name: 'connectionId', type: STRING },
      sortKey: { name: 'entryId', type: STRING },
    },
    items: 'expire',
    backup: false,
  },
  // Rows of users who have gone expire. A lost row comes back with the next change of the user's subscriptions.
  presence: {
    keys: { partitionKey: { name: 'channel', type: STRING }, sortKey: { name: 'user', type: STRING } },
    items: 'expire',
    backup: false,
    // For the worker of the due list. Only rows with something due are in it, so a user who stays costs it nothing.
    index: {
      indexName: 'ByDue',
      partitionKey: { name: 'dueLane', type: NUMBER },
      sortKey: { name: 'until', type: NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    },
  },
  // Rows of empty channels expire. A lost row comes back with the next subscribe or unsubscribe in the channel.
  occupancy: {
    keys: { partitionKey: { name: 'channel', type: STRING } },
    items: 'expire',
    backup: false,
  },
};

/** Only the old image has the user who left. Readers of messages need the new one: with the old one, the stream would repeat what was deleted. */
const imagesOf = (name: TableName) =>
  name === 'messages' ? StreamViewType.NEW_IMAGE : StreamViewType.NEW_AND_OLD_IMAGES;

export interface StorageProps {
  readonly settings: StageSettings;
  readonly encryption: Encryption;
  /** The namespaces that are delivered packed. */
  readonly packed: readonly string[];
}

export class Storage extends Construct {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  private readonly packed: readonly string[];

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { settings, encryption, packed } = props;
    this.packed = packed;
    const table = (name: string, key: TableName) => {
      const made = new TableV2(this, name, tableProps(designs[key], settings));
      encryption.encryptTable(made);
      return made;
    };
    this.tables = {
      connections: table('Connections', 'connections'),
      subscriptions: table('Subscriptions', 'subscriptions'),
      channels: table('Channels', 'channels'),
      messages: table('Messages', 'messages'),
      values: table('Values', 'values'),
      publishKeys: table('PublishKeys', 'publishKeys'),
      charges: table('Charges', 'charges'),
      deliveryClaims: table('DeliveryClaims', 'deliveryClaims'),
      revocations: table('Revocations', 'revocations'),
      readPositions: table('ReadPositions', 'readPositions'),
      occupancy: table('Occupancy', 'occupancy'),
      presence: table('Presence', 'presence'),
      httpSessions: table('HttpSessions', 'httpSessions'),
      mailboxes: table('Mailboxes', 'mailboxes'),
    };
    this.addStreams(settings);
  }

  /** Each table that a function reads has a stream. A function that comes later brings the stream of its table. */
  addStreams(settings: StageSettings): void {
    for (const name of streamedTables(settings, this.packed)) {
      const { defaultChild } = this.tables[name].node;
      if (!(defaultChild instanceof CfnGlobalTable)) throw new Error(`The table ${name} has no resource`);
      defaultChild.streamSpecification = { streamViewType: imagesOf(name) };
    }
  }
}

/** DynamoDB also answers plain HTTP, unlike the other services here. These tables refuse it. */
function overTlsOnly(): PolicyDocument {
  const statement = new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['dynamodb:*'],
    resources: ['*'],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  return new PolicyDocument({ statements: [statement] });
}

function tableProps({ keys, items, backup, index }: TableDesign, { removal }: StageSettings): TablePropsV2 {
  return {
    ...keys,
    ...(index && { globalSecondaryIndexes: [index] }),
    billing: Billing.onDemand(),
    // By default DynamoDB uses a key that belongs to AWS, and CloudTrail of this account does not show its use.
    encryption: TableEncryptionV2.awsManagedKey(),
    resourcePolicy: overTlsOnly(),
    ...(items === 'expire' && { timeToLiveAttribute: 'expiresAt' }),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: backup },
    // No deletion protection: CloudFormation could not delete a protected table when a creation fails, and the rollback would
    // fail, too. `npm run -s protect` turns it on for a stack that exists (decision 19).
    removalPolicy: removal,
  };
}
