/**
 * What each deployed function is and needs. `lib/` derives environment and permissions from it, `environment.ts` the
 * type of what a function may read: code and infrastructure cannot drift apart.
 */

export type TableName =
  | 'connections'
  | 'subscriptions'
  | 'channels'
  | 'messages'
  | 'publishKeys'
  | 'deliveryClaims'
  | 'revocations';

export type TableAction =
  | 'dynamodb:BatchWriteItem'
  | 'dynamodb:DeleteItem'
  | 'dynamodb:GetItem'
  | 'dynamodb:PutItem'
  | 'dynamodb:Query'
  | 'dynamodb:Scan'
  | 'dynamodb:UpdateItem';

/** What an environment variable stands for, and the permissions that come with it. */
export type Need =
  | { readonly kind: 'table'; readonly table: TableName; readonly actions: readonly TableAction[] }
  /** URL of the management API, with the right to use it on this stage. */
  | { readonly kind: 'management-api' }
  /** Name of the stage, for the configuration to depend on. */
  | { readonly kind: 'stage' }
  /** Name of the delivery worker, with the right to invoke it. */
  | { readonly kind: 'delivery-worker' }
  /** What one broadcast may post per second. */
  | { readonly kind: 'posts-per-second' }
  /** ARN of the secret that the stage's own tokens are signed with, with the right to read it. */
  | { readonly kind: 'token-secret' }
  /** Other issuers whose tokens are accepted, as JSON (`identity/issuer.ts`). */
  | { readonly kind: 'issuers' }
  /** How far clocks may be apart. Seconds. */
  | { readonly kind: 'clock-skew' }
  /** Websites whose pages may connect, as JSON (`identity/origins.ts`). */
  | { readonly kind: 'origins' }
  /** ARN of the secret that the edge sends along, with the right to read it; `none` without an edge. */
  | { readonly kind: 'origin-key' };

/** What makes a function run. */
export type Trigger =
  /** A route of the gateway. `replies`: what it returns is sent to the client (PR-1). */
  | {
      readonly kind: 'route';
      readonly key: '$connect' | '$disconnect' | '$default';
      readonly replies: boolean;
    }
  /** A handshake, before `$connect` (AU-1). */
  | { readonly kind: 'authorizer' }
  /** A route of the HTTP API for servers. */
  | { readonly kind: 'http' }
  /** A request to the HTTP API. */
  | { readonly kind: 'http-authorizer' }
  /** An event on the account's default bus, repeated when it fails. */
  | { readonly kind: 'event'; readonly detailType: string }
  /** People and programs with the right to invoke it, by its name. */
  | { readonly kind: 'operator' }
  /** Another function, which does not wait for it. An invocation that failed is repeated, and then goes to `onFailure`. */
  | { readonly kind: 'asynchronous'; readonly onFailure?: 'release' };

export interface FunctionManifest {
  readonly purpose: string;
  readonly trigger: Trigger;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly needs: Readonly<Record<string, Need>>;
}

/** To read a shard, post to it, forget the dead, and have a worker do the rest. */
const toReachSubscribers = {
  CONNECTIONS_TABLE: { kind: 'table', table: 'connections', actions: ['dynamodb:DeleteItem'] },
  SUBSCRIPTIONS_TABLE: {
    kind: 'table',
    table: 'subscriptions',
    actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
  },
  MANAGEMENT_ENDPOINT: { kind: 'management-api' },
  DELIVERY_WORKER: { kind: 'delivery-worker' },
  POSTS_PER_SECOND: { kind: 'posts-per-second' },
} as const satisfies Readonly<Record<string, Need>>;

/** To append to channels' logs, and to send what was appended to every subscriber. */
const toPublish = {
  ...toReachSubscribers,
  CHANNELS_TABLE: {
    kind: 'table',
    table: 'channels',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
  MESSAGES_TABLE: {
    kind: 'table',
    table: 'messages',
    actions: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'],
  },
  PUBLISH_KEYS_TABLE: { kind: 'table', table: 'publishKeys', actions: ['dynamodb:PutItem'] },
} as const satisfies Readonly<Record<string, Need>>;

export const manifest = {
  authorize: {
    purpose: 'Decides who may connect, and as whom',
    trigger: { kind: 'authorizer' },
    memoryMb: 512,
    // Two rounds of fetching keys, which take 5 s at most.
    timeoutSeconds: 12,
    needs: {
      STAGE: { kind: 'stage' },
      TOKEN_SECRET: { kind: 'token-secret' },
      ISSUERS: { kind: 'issuers' },
      CLOCK_SKEW: { kind: 'clock-skew' },
      ORIGINS: { kind: 'origins' },
      ORIGIN_KEY_SECRET: { kind: 'origin-key' },
    },
  },
  'authorize-api': {
    purpose: 'Decides which servers may use the HTTP API',
    trigger: { kind: 'http-authorizer' },
    memoryMb: 512,
    timeoutSeconds: 10,
    needs: {
      STAGE: { kind: 'stage' },
      TOKEN_SECRET: { kind: 'token-secret' },
      CLOCK_SKEW: { kind: 'clock-skew' },
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:GetItem'] },
    },
  },
  connect: {
    purpose: 'Accepts a connection and stores it',
    trigger: { kind: 'route', key: '$connect', replies: false },
    memoryMb: 256,
    timeoutSeconds: 10,
    needs: {
      STAGE: { kind: 'stage' },
      CONNECTIONS_TABLE: {
        kind: 'table',
        table: 'connections',
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem'],
      },
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:GetItem'] },
      SUBSCRIPTIONS_TABLE: {
        kind: 'table',
        table: 'subscriptions',
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:Query'],
      },
      CHANNELS_TABLE: {
        kind: 'table',
        table: 'channels',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      },
    },
  },
  disconnect: {
    purpose: 'Forgets a connection and its subscriptions',
    trigger: { kind: 'route', key: '$disconnect', replies: false },
    memoryMb: 256,
    timeoutSeconds: 10,
    needs: {
      CONNECTIONS_TABLE: { kind: 'table', table: 'connections', actions: ['dynamodb:DeleteItem'] },
      SUBSCRIPTIONS_TABLE: { kind: 'table', table: 'subscriptions', actions: ['dynamodb:BatchWriteItem'] },
    },
  },
  default: {
    purpose: 'Runs client commands',
    trigger: { kind: 'route', key: '$default', replies: true },
    // CPU comes with memory, and a broadcast is CPU: 1769 MB is one full core.
    memoryMb: 1769,
    // Just under the longest that the gateway waits for an integration (29 s).
    timeoutSeconds: 28,
    needs: {
      ...toPublish,
      CONNECTIONS_TABLE: {
        kind: 'table',
        table: 'connections',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      },
      SUBSCRIPTIONS_TABLE: {
        kind: 'table',
        table: 'subscriptions',
        actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
      },
      STAGE: { kind: 'stage' },
    },
  },
  api: {
    purpose: 'Runs the operations of the HTTP API for servers',
    trigger: { kind: 'http' },
    memoryMb: 1769,
    // Just under the longest that the gateway waits for an integration (30 s).
    timeoutSeconds: 29,
    needs: {
      ...toPublish,
      CONNECTIONS_TABLE: {
        kind: 'table',
        table: 'connections',
        actions: ['dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:DeleteItem'],
      },
      CHANNELS_TABLE: {
        kind: 'table',
        table: 'channels',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Scan'],
      },
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:UpdateItem'] },
      STAGE: { kind: 'stage' },
    },
  },
  'publish-event': {
    purpose: 'Publishes what comes as an event',
    trigger: { kind: 'event', detailType: 'fanfare.publish' },
    memoryMb: 1769,
    timeoutSeconds: 29,
    needs: { ...toPublish, STAGE: { kind: 'stage' } },
  },
  deliver: {
    purpose: 'Posts one batch of a broadcast',
    trigger: { kind: 'asynchronous', onFailure: 'release' },
    memoryMb: 1769,
    // Twice the longest that a worker waits and posts (`delivery-plan.ts`).
    timeoutSeconds: 60,
    needs: {
      ...toReachSubscribers,
      DELIVERY_CLAIMS_TABLE: { kind: 'table', table: 'deliveryClaims', actions: ['dynamodb:UpdateItem'] },
    },
  },
  release: {
    purpose: 'Disconnects those whom no delivery reached, so that they resume',
    trigger: { kind: 'asynchronous' },
    memoryMb: 512,
    timeoutSeconds: 60,
    needs: toReachSubscribers,
  },
  revoke: {
    purpose: 'Makes the tokens of a user worthless and closes their connections',
    trigger: { kind: 'operator' },
    memoryMb: 512,
    timeoutSeconds: 60,
    needs: {
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:UpdateItem'] },
      CONNECTIONS_TABLE: toReachSubscribers.CONNECTIONS_TABLE,
      SUBSCRIPTIONS_TABLE: toReachSubscribers.SUBSCRIPTIONS_TABLE,
      MANAGEMENT_ENDPOINT: { kind: 'management-api' },
    },
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;

export type FunctionName = keyof typeof manifest;

export const functionNames: readonly FunctionName[] = Object.keys(manifest).filter(isFunctionName);

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(manifest, name);
}

/** The variables that a function declared. */
export type Variable<F extends FunctionName> = keyof (typeof manifest)[F]['needs'];
