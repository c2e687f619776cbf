/** What each function should be allowed, derived from its manifest: what a new need brings is expected as it is declared. */

import { Aws } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { type FunctionManifest, type FunctionName, manifest, type Need } from '../../lambdas/manifest.ts';
import { asNamed } from '../../lib/accepted-findings.ts';
import { FanfareFunction } from '../../lib/fanfare-function.ts';
import type { FanfareStack } from '../../lib/fanfare-stack.ts';
import { OriginKey } from '../../lib/origin-key.ts';
import { Storage } from '../../lib/storage.ts';
import { TokenSecret } from '../../lib/token-secret.ts';

type NeedOf<Kind extends Need['kind']> = Extract<Need, { kind: Kind }>;

const nothing = () => [];

/** The permissions that a need should bring. Exhaustive by compilation, as the bindings are that it checks. */
const meanings: {
  readonly [Kind in Need['kind']]: (need: NeedOf<Kind>, backend: FanfareStack) => readonly string[];
} = {
  table({ table, actions }, backend) {
    const arn = named(backend, child(backend, 'Storage', Storage).tables[table].tableArn);
    return [...actions.map((action) => `${action} on ${arn}`), ...useOfKey(backend, 'dynamodb')];
  },
  'management-api'(_need, backend) {
    const { api, stageName } = backend.stage;
    return ['POST', 'DELETE'].map((method) => {
      const resourceName = `${stageName}/${method}/@connections/*`;
      const arn = backend.formatArn({ service: 'execute-api', resource: api.apiId, resourceName });
      return `execute-api:ManageConnections on ${named(backend, arn)}`;
    });
  },
  'delivery-worker'(_need, backend) {
    const resource = `function:${backend.stackName}-deliver`;
    return [`lambda:InvokeFunction on ${named(backend, backend.formatArn({ service: 'lambda', resource }))}`];
  },
  'token-secret'(_need, backend) {
    const arn = named(backend, child(backend, 'Tokens', TokenSecret).secret.secretArn);
    return [`secretsmanager:GetSecretValue on ${arn}`, ...useOfKey(backend, 'secretsmanager')];
  },
  'origin-key'(_need, backend) {
    if (!backend.node.tryFindChild('OriginKey')) return [];
    const arn = named(backend, child(backend, 'OriginKey', OriginKey).secret.secretArn);
    return [`secretsmanager:GetSecretValue on ${arn}`];
  },
  stage: nothing,
  'posts-per-second': nothing,
  issuers: nothing,
  'clock-skew': nothing,
  origins: nothing,
};

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

/** Nothing where AWS manages the keys. */
function useOfKey(backend: FanfareStack, service: keyof typeof keyActions): readonly string[] {
  const encryption = backend.node.findChild('Encryption');
  if (!encryption.node.tryFindChild('Key')) return [];
  const key = named(backend, child(encryption, 'Key', Key).keyArn);
  const endpoint = named(backend, `${service}.${Aws.REGION}.amazonaws.com`);
  return keyActions[service].map((action) => `${action} on ${key} through ${endpoint}`);
}

/** All that a function should be allowed, as `granted-permissions.ts` words it. */
export function declaredPermissions(backend: FanfareStack, name: FunctionName): readonly string[] {
  const { needs, trigger }: FunctionManifest = manifest[name];
  const log = named(backend, child(functionIn(backend, name), 'Log', LogGroup).logGroupArn);
  const permissions = [
    `logs:CreateLogStream on ${log}`,
    `logs:PutLogEvents on ${log}`,
    ...Object.values(needs).flatMap((need) => meaningOf(need.kind, need, backend)),
  ];
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

function meaningOf<Kind extends Need['kind']>(kind: Kind, need: NeedOf<Kind>, backend: FanfareStack) {
  return meanings[kind](need, backend);
}

function functionIn(backend: FanfareStack, name: FunctionName): FanfareFunction {
  return child(backend, name, FanfareFunction);
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
