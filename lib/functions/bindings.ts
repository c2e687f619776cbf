/** Turns each kind of need into infrastructure: a grant to the role of the function, and a value in its environment. */

import { Stack } from 'aws-cdk-lib';
import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type Role } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SESSIONS_PER_ADDRESS } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { NO_EVENTS } from '../../lambdas/aws/event-bridge.ts';
import { issuers } from '../../lambdas/identity/issuer.ts';
import { origins } from '../../lambdas/identity/origins.ts';
import type { Need, TableName } from '../../lambdas/manifest/manifest.ts';
import { type LifecycleGroup, lifecycleGroups } from '../../lambdas/realtime/lifecycle/lifecycle.ts';
import { acceptWildcard } from '../security/accepted-findings.ts';
import type { Encryption } from '../security/encryption.ts';
import { tells } from '../settings/lifecycle-settings.ts';
import { settingOf } from '../settings/setting-error.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { eventSource } from './event-names.ts';

/** The resources of a stage that functions can need. */
export interface Resources {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly stage: WebSocketStage;
  readonly deliveryWorker: Worker;
  readonly farewellWorker: Worker;
  readonly tokenSecret: Secret;
  /** The secret that only the edge knows. Absent if the stage has no edge. */
  readonly originKey?: Secret;
  readonly encryption: Encryption;
  readonly settings: StageSettings;
}

/** By name and not by reference: a worker may start itself, and a resource cannot refer to itself. */
export interface Worker {
  readonly name: string;
  readonly arn: string;
}

type NeedOf<Kind extends Need['kind']> = Extract<Need, { kind: Kind }>;

/** Exhaustive by compilation: a new kind of need does not compile until it is bound here. */
export type Bindings = {
  readonly [Kind in Need['kind']]: (need: NeedOf<Kind>, grantee: Role, resources: Resources) => string;
};

const bindings: Bindings = {
  table({ table, actions }, grantee, { tables, encryption }) {
    // The grant of the L2 would also be for every index.
    Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [tables[table].tableArn] });
    encryption.grantTables(grantee);
    return tables[table].tableName;
  },
  index({ table, index }, grantee, { tables, encryption }) {
    const resourceArns = [`${tables[table].tableArn}/index/${index}`];
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
    encryption.grantTables(grantee);
    return index;
  },
  'management-api'({ methods }, grantee, { stage }) {
    grantConnections(grantee, stage, methods);
    return stage.callbackUrl;
  },
  stage(_need, _grantee, { stage }) {
    return stage.stageName;
  },
  'delivery-worker'(_need, grantee, { deliveryWorker }) {
    return invocable(deliveryWorker, grantee);
  },
  'farewell-worker'(_need, grantee, { farewellWorker }) {
    return invocable(farewellWorker, grantee);
  },
  'posts-per-second'(_need, _grantee, { settings }) {
    return String(stageSetting(aboveZero, settings, 'postsPerSecond', settings.postsPerSecond));
  },
  'token-secret'(_need, grantee, { tokenSecret, encryption }) {
    encryption.grantSecrets(grantee);
    return readable(tokenSecret, grantee);
  },
  // Mistakes in these settings are found when the app is synthesized, not at the first handshake.
  issuers(_need, _grantee, { settings }) {
    return JSON.stringify(stageSetting(issuers, settings, 'tokens.issuers', settings.tokens.issuers));
  },
  'clock-skew'(_need, _grantee, { settings }) {
    const { clockSkewSeconds } = settings.tokens;
    return String(stageSetting(wholeNumber, settings, 'tokens.clockSkewSeconds', clockSkewSeconds));
  },
  origins(_need, _grantee, { settings }) {
    return JSON.stringify(stageSetting(origins, settings, 'origins', settings.origins));
  },
  'stream-seconds'(_need, _grantee, { settings }) {
    if (settings.fallback === 'none') return '0';
    const { streamSeconds } = settings.fallback;
    return String(stageSetting(wholeNumber, settings, 'fallback.streamSeconds', streamSeconds));
  },
  'waiting-places'(_need, _grantee, { settings: { fallback } }) {
    if (fallback === 'none' || fallback.concurrency === 'unreserved') return '0';
    return String(waitingPlaces(fallback.concurrency));
  },
  'sessions-per-address'(_need, _grantee, { settings }) {
    if (settings.fallback === 'none') return '0';
    const { sessionsPerAddress = SESSIONS_PER_ADDRESS } = settings.fallback;
    return String(stageSetting(wholeNumber, settings, 'fallback.sessionsPerAddress', sessionsPerAddress));
  },
  // The secret is encrypted with a key of AWS, which needs no grant.
  'origin-key'(_need, grantee, { originKey }) {
    return originKey ? readable(originKey, grantee) : 'none';
  },
  'event-source'({ group }, grantee, { stage, settings }) {
    if (!tells(settings, group)) return NO_EVENTS;
    const source = eventSource(settings.name);
    grantEvents(grantee, stage, source, group);
    return source;
  },
  'message-events'(_need, _grantee, { settings }) {
    return settings.lifecycleEvents.messages;
  },
};

const wholeNumber = v.pipe(v.number(), v.integer('it is a whole number'), v.minValue(0, 'it is 0 or more'));
const aboveZero = v.pipe(v.number(), v.gtValue(0, 'it is above 0'));

/** @throws SettingError that names the setting. */
function stageSetting<Schema extends v.GenericSchema>(
  schema: Schema,
  { name: stage }: StageSettings,
  name: string,
  value: unknown,
): v.InferOutput<Schema> {
  return settingOf(schema, { file: 'lib/settings/stage-settings.ts', name: `${stage}.${name}` }, value);
}

/** Grants PutEvents on the bus that the whole account shares, only as this source and only for the types of this group. */
function grantEvents(grantee: Role, stage: WebSocketStage, source: string, group: LifecycleGroup): void {
  const bus = { service: 'events', resource: 'event-bus', resourceName: 'default' };
  const types = Object.entries(lifecycleGroups).flatMap(([type, its]) => (its === group ? [type] : []));
  Grant.addToPrincipal({
    grantee,
    actions: ['events:PutEvents'],
    resourceArns: [Stack.of(stage).formatArn(bus)],
    conditions: { StringEquals: { 'events:source': source, 'events:detail-type': types } },
  });
}

function invocable({ name, arn }: Worker, grantee: Role): string {
  Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [arn] });
  return name;
}

const purposes = { POST: 'posts to', DELETE: 'disconnects' } as const;

/** Three quarters of the reserved executions. The rest is for commands, which would otherwise wait behind the streams of their own clients. */
function waitingPlaces(concurrency: number): number {
  return Math.max(1, Math.floor(concurrency * 0.75));
}

/** Grants posting or disconnecting. The grant of the L2 would also let the function look up the addresses of clients. */
function grantConnections(
  grantee: Role,
  stage: WebSocketStage,
  methods: NeedOf<'management-api'>['methods'],
): void {
  for (const method of methods) {
    const resourceName = `${stage.stageName}/${method}/@connections/*`;
    const arn = Stack.of(stage).formatArn({
      service: 'execute-api',
      resource: stage.api.apiId,
      resourceName,
    });
    Grant.addToPrincipal({ grantee, actions: ['execute-api:ManageConnections'], resourceArns: [arn] });
    acceptWildcard(
      grantee,
      arn,
      `The function ${purposes[method]} connections of this stage, whose ids exist only once clients have connected.`,
    );
  }
}

/** `grantRead` would also let it describe the secret. */
function readable(secret: Secret, grantee: Role): string {
  const actions = ['secretsmanager:GetSecretValue'];
  Grant.addToPrincipal({ grantee, actions, resourceArns: [secret.secretArn] });
  return secret.secretArn;
}

/** The variables for a function's needs; the permissions go to its role at the same time. */
export function bind(
  needs: Readonly<Record<string, Need>>,
  grantee: Role,
  resources: Resources,
): Record<string, string> {
  const variables = Object.entries(needs).map(([name, need]) => [
    name,
    bindOne(need.kind, need, grantee, resources),
  ]);
  return Object.fromEntries(variables);
}

function bindOne<Kind extends Need['kind']>(
  kind: Kind,
  need: NeedOf<Kind>,
  grantee: Role,
  resources: Resources,
): string {
  return bindings[kind](need, grantee, resources);
}
