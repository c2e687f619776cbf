/** A function that reads the changes of a table of the app, and publishes what a file of the app makes of them. */

import { Duration } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  EventSourceMapping,
  type IEventSourceDlq,
  Function as LambdaFunction,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Encryption } from '../security/encryption.ts';
import { SettingError } from '../settings/setting-error.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import type { AppTable } from './app-table.ts';
import { ATTEMPTS, LONGEST_UNREAD } from './triggers.ts';

export interface ItemChangesProps {
  readonly table: AppTable;
  readonly code: Code;
  readonly settings: StageSettings;
  readonly encryption: Encryption;
  /** Gets a message for each batch of changes that the function gave up. */
  readonly givenUp: IEventSourceDlq;
}

/** A hundred changes, which take milliseconds unless the file waits for something. */
const TIMEOUT = Duration.seconds(60);

export class ItemChanges extends Construct {
  readonly function: LambdaFunction;

  /** @throws SettingError for a table without a stream. */
  constructor(scope: Construct, id: string, props: ItemChangesProps) {
    super(scope, id);
    const { table, code, settings, encryption } = props;
    const { tableStreamArn } = table;
    if (tableStreamArn === undefined)
      throw new SettingError(
        `${this.node.path}: the table ${table.node.path} has no stream: give it dynamoStream.`,
      );
    const logGroup = new LogGroup(this, 'Log', {
      ...encryption.key,
      retention: settings.logRetention,
      removalPolicy: settings.removal,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Function', {
      description: `Publishes changes of the table ${table.node.id}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role,
      logGroup,
      memorySize: 256,
      timeout: TIMEOUT,
      environment: { FANFARE_STAGE: settings.name, NODE_OPTIONS: '--enable-source-maps' },
    });
    this.read(tableStreamArn, props);
  }

  private read(eventSourceArn: string, { table, givenUp }: ItemChangesProps): void {
    Grant.addToPrincipal({
      grantee: this.function,
      // `grantStreamRead` would also let it list the streams of every table.
      actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
        (action) => `dynamodb:${action}`,
      ),
      resourceArns: [eventSourceArn],
    });
    table.encryptionKey?.grantDecrypt(this.function);
    new EventSourceMapping(this, 'Stream', {
      target: this.function,
      eventSourceArn,
      // A new mapping takes minutes to start. With LATEST it would miss the changes of those minutes.
      startingPosition: StartingPosition.TRIM_HORIZON,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: ATTEMPTS,
      maxRecordAge: LONGEST_UNREAD,
      onFailure: givenUp,
    });
  }
}
