/** Derives the expected permissions of each function from its manifest. The permissions of a new need are expected as it declares them. */

import { Aws } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import {
  type FunctionManifest,
  type FunctionName,
  manifest,
  type Need,
  type TableName,
} from '../../lambdas/manifest/manifest.ts';
import { lifecycleGroups } from '../../lambdas/realtime/lifecycle/lifecycle.ts';
import type { FanfareStack } from '../../lib/fanfare-stack.ts';
import { FanfareFunction } from '../../lib/functions/fanfare-function.ts';
import { GivenUpChanges } from '../../lib/functions/given-up-changes.ts';
import { asNamed } from '../../lib/security/accepted-findings.ts';
import { OriginKey } from '../../lib/security/origin-key.ts';
import { TokenSecret } from '../../lib/security/token-secret.ts';
import { tells } from '../../lib/settings/lifecycle-settings.ts';
import type { StageSettings } from '../../lib/settings/stage-settings.ts';
import { Storage } from '../../lib/storage.ts';

type NeedOf<Kind extends Need['kind']> = Extract<Need, { kind: Kind }>;

const nothing = () => [];

/** The permissions that a need should bring. Exhaustive by compilation, as the bindings are that it checks. */
const meanings: {
  readonly [Kind in Need['kind']]: (
    need: NeedOf<Kind>,
    backend: FanfareStack,
    settings: StageSettings,
  ) => readonly string[];
} = {
  table({ table, actions }, backend) {
    const arn = named(backend, child(backend.fanfare, 'Storage', Storage).tables[table].tableArn);
    return [...actions.map((action) => `${action} on ${arn}`), ...useOfKey(backend, 'dynamodb')];
  },
  index({ table, index }, backend) {
    const arn = named(backend, child(backend.fanfare, 'Storage', Storage).tables[table].tableArn);
    return [`dynamodb:Query on ${arn}/index/${index}`, ...useOfKey(backend, 'dynamodb')];
  },
  'management-api'({ methods }, backend) {
    const { api, stageName } = backend.stage;
    return methods.map((method) => {
      const resourceName = `${stageName}/${method}/@connections/*`;
      const arn = backend.formatArn({ service: 'execute-api', resource: api.apiId, resourceName });
      return `execute-api:ManageConnections on ${named(backend, arn)}`;
    });
  },
  'delivery-worker'(_need, backend) {
    return [invocationOf(backend, 'deliver')];
  },
  'farewell-worker'(_need, backend) {
    return [invocationOf(backend, 'farewell')];
  },
  'token-secret'(_need, backend) {
    const arn = named(backend, child(backend.fanfare, 'Tokens', TokenSecret).secret.secretArn);
    return [`secretsmanager:GetSecretValue on ${arn}`, ...useOfKey(backend, 'secretsmanager')];
  },
  'origin-key'(_need, backend) {
    if (!backend.fanfare.node.tryFindChild('OriginKey')) return [];
    const arn = named(backend, child(backend.fanfare, 'OriginKey', OriginKey).secret.secretArn);
    return [`secretsmanager:GetSecretValue on ${arn}`];
  },
  'event-source'({ group }, backend, settings) {
    if (!tells(settings, group)) return [];
    const bus = { service: 'events', resource: 'event-bus', resourceName: 'default' };
    const types = Object.entries(lifecycleGroups).flatMap(([type, its]) => (its === group ? [type] : []));
    const events = `fanfare.${settings.name}: ${types.join(', ')}`;
    return [`events:PutEvents on ${named(backend, backend.formatArn(bus))} as ${events}`];
  },
  stage: nothing,
  'posts-per-second': nothing,
  'stream-seconds': nothing,
  'waiting-places': nothing,
  'sessions-per-address': nothing,
  'message-events': nothing,
  issuers: nothing,
  'clock-skew': nothing,
  origins: nothing,
};

function invocationOf(backend: FanfareStack, name: FunctionName): string {
  const resource = `function:${backend.stackName}-${name}`;
  return `lambda:InvokeFunction on ${named(backend, backend.formatArn({ service: 'lambda', resource }))}`;
}

const keyActions = {
  dynamodb: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  secretsmanager: ['kms:Decrypt'],
};

/** No permission if AWS manages the keys. */
function useOfKey(backend: FanfareStack, service: keyof typeof keyActions): readonly string[] {
  const encryption = backend.fanfare.node.findChild('Encryption');
  if (!encryption.node.tryFindChild('Key')) return [];
  const key = named(backend, child(encryption, 'Key', Key).keyArn);
  const endpoint = named(backend, `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`);
  return keyActions[service].map((action) => `${action} on ${key} through ${endpoint}`);
}

/** All expected permissions of a function, in the words of `granted-permissions.ts`. */
export function declaredPermissions(
  backend: FanfareStack,
  name: FunctionName,
  settings: StageSettings,
): readonly string[] {
  const { needs, trigger }: FunctionManifest = manifest[name];
  const log = named(backend, child(functionIn(backend, name), 'Log', LogGroup).logGroupArn);
  const permissions = [
    `logs:CreateLogStream on ${log}`,
    `logs:PutLogEvents on ${log}`,
    ...Object.values(needs).flatMap((need) => meaningOf(need.kind, need, backend, settings)),
  ];
  if (trigger.kind === 'stream') permissions.push(...readingOf(backend, trigger.table), tellingOf(backend));
  if (trigger.kind === 'asynchronous' && trigger.onFailure) {
    const { functionArn } = functionIn(backend, trigger.onFailure).function;
    permissions.push(`lambda:InvokeFunction on ${named(backend, functionArn)}`);
  }
  return [...new Set(permissions)];
}

/** Logical id of a function's role. */
export function roleOf(backend: FanfareStack, name: FunctionName): string {
  const { role } = functionIn(backend, name).function;
  if (!role) throw new Error(`The function ${name} has no role`);
  return named(backend, role.roleName).replace(/^<(.*)>$/, '$1');
}

function meaningOf<Kind extends Need['kind']>(
  kind: Kind,
  need: NeedOf<Kind>,
  backend: FanfareStack,
  settings: StageSettings,
) {
  return meanings[kind](need, backend, settings);
}

/** To read a table's stream. */
function readingOf(backend: FanfareStack, table: TableName): readonly string[] {
  const { tableStreamArn = 'no stream' } = child(backend.fanfare, 'Storage', Storage).tables[table];
  const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  return [
    ...actions.map((action) => `dynamodb:${action} on ${named(backend, tableStreamArn)}`),
    ...useOfKey(backend, 'dynamodb'),
  ];
}

/** To report changes that could not be read. */
function tellingOf(backend: FanfareStack): string {
  const queue = child(child(backend.fanfare, 'GivenUp', GivenUpChanges), 'Queue', Queue);
  return `sqs:SendMessage on ${named(backend, queue.queueArn)}`;
}

function functionIn(backend: FanfareStack, name: FunctionName): FanfareFunction {
  return child(backend.fanfare, name, FanfareFunction);
}

function child<C extends IConstruct>(
  parent: IConstruct,
  id: string,
  kind: abstract new (...args: never) => C,
): C {
  const found = parent.node.findChild(id);
  if (!(found instanceof kind)) throw new Error(`${found.node.path} is something else`);
  return found;
}

function named(backend: FanfareStack, text: string): string {
  return asNamed(backend.resolve(text));
}
