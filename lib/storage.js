/** The tables, and for each whether it is worth a backup and when its items go. */
import { AttributeType, Billing, ProjectionType, StreamViewType, TableEncryptionV2, TableV2, } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { streamedTables } from './deployed-functions.js';
const { STRING, NUMBER } = AttributeType;
const designs = {
    connections: {
        keys: { partitionKey: { name: 'connectionId', type: STRING } },
        items: 'expire',
        backup: false,
        // Of those that the sweep closes. With so little in it, a charge or a new channel of a connection writes nothing here.
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
    // A stolen token may live for any time: what is revoked stays revoked.
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
    // Who has gone expires; who is there comes again from the next change of their subscriptions.
    presence: {
        keys: { partitionKey: { name: 'channel', type: STRING }, sortKey: { name: 'user', type: STRING } },
        items: 'expire',
        backup: false,
    },
    // Of channels that are empty they expire. What is lost comes again with the next who subscribes or leaves.
    occupancy: {
        keys: { partitionKey: { name: 'channel', type: STRING } },
        items: 'expire',
        backup: false,
    },
};
/** Who left is known only from the item that was removed. */
const BOTH_IMAGES = StreamViewType.NEW_AND_OLD_IMAGES;
export class Storage extends Construct {
    tables;
    constructor(scope, id, settings, encryption) {
        super(scope, id);
        const streamed = streamedTables(settings);
        const table = (name, key) => {
            const stream = streamed.has(key) && { dynamoStream: BOTH_IMAGES };
            const made = new TableV2(this, name, { ...tableProps(designs[key], settings), ...stream });
            encryption.encryptTable(made);
            return made;
        };
        this.tables = {
            connections: table('Connections', 'connections'),
            subscriptions: table('Subscriptions', 'subscriptions'),
            channels: table('Channels', 'channels'),
            messages: table('Messages', 'messages'),
            publishKeys: table('PublishKeys', 'publishKeys'),
            deliveryClaims: table('DeliveryClaims', 'deliveryClaims'),
            revocations: table('Revocations', 'revocations'),
            readPositions: table('ReadPositions', 'readPositions'),
            occupancy: table('Occupancy', 'occupancy'),
            presence: table('Presence', 'presence'),
            httpSessions: table('HttpSessions', 'httpSessions'),
            mailboxes: table('Mailboxes', 'mailboxes'),
        };
    }
}
/** DynamoDB is the one service here that also answers plain HTTP: not for these tables. */
function overTlsOnly() {
    const statement = new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['dynamodb:*'],
        resources: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    return new PolicyDocument({ statements: [statement] });
}
function tableProps({ keys, items, backup, index }, { removal }) {
    return {
        ...keys,
        ...(index && { globalSecondaryIndexes: [index] }),
        billing: Billing.onDemand(),
        // Not DynamoDB's default, a key of AWS's own that no CloudTrail of this account shows.
        encryption: TableEncryptionV2.awsManagedKey(),
        resourcePolicy: overTlsOnly(),
        ...(items === 'expire' && { timeToLiveAttribute: 'expiresAt' }),
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: backup },
        // No deletion protection: CloudFormation could not delete a protected table when a creation fails, and the rollback would
        // fail, too. `npm run -s protect` turns it on for a stack that exists (decision 19).
        removalPolicy: removal,
    };
}
