/** The terms in which the manifest describes a function and its needs. */

import type { LifecycleGroup } from '../realtime/lifecycle/lifecycle.ts';

export type TableName =
  | 'connections'
  | 'subscriptions'
  | 'channels'
  | 'messages'
  | 'publishKeys'
  | 'values'
  | 'charges'
  | 'deliveryClaims'
  | 'revocations'
  | 'readPositions'
  | 'httpSessions'
  | 'mailboxes'
  | 'occupancy'
  | 'presence';

/**
 * - `ByEnd`: connections that the sweep closes, by the end of their time (`aws/dynamo-expiry.ts`)
 * - `ByDue`: users whose presence changes at a time (`aws/dynamo-due-list.ts`)
 */
export type IndexName = 'ByEnd' | 'ByDue';

type TableAction =
  | 'dynamodb:BatchWriteItem'
  | 'dynamodb:DeleteItem'
  | 'dynamodb:GetItem'
  | 'dynamodb:PutItem'
  | 'dynamodb:Query'
  | 'dynamodb:Scan'
  | 'dynamodb:UpdateItem';

/** The meaning of an environment variable, with the permissions that it brings. */
export type Need =
  | { readonly kind: 'table'; readonly table: TableName; readonly actions: readonly TableAction[] }
  /** Name of an index of a table, with the right to query it. */
  | { readonly kind: 'index'; readonly table: TableName; readonly index: IndexName }
  /** URL of the management API, with the right to use it on this stage: `POST` posts, `DELETE` disconnects. */
  | { readonly kind: 'management-api'; readonly methods: readonly ('POST' | 'DELETE')[] }
  /** Name of the stage, for the configuration to depend on. */
  | { readonly kind: 'stage' }
  /** Name of the delivery worker, with the right to invoke it. */
  | { readonly kind: 'delivery-worker' }
  /** Name of the function that makes changes of presence that are due, with the right to invoke it. */
  | { readonly kind: 'farewell-worker' }
  /** The posts per second of one broadcast. */
  | { readonly kind: 'posts-per-second' }
  /** ARN of the secret that the stage's own tokens are signed with, with the right to read it. */
  | { readonly kind: 'token-secret' }
  /** Other issuers whose tokens are accepted, as JSON (`identity/issuer.ts`). */
  | { readonly kind: 'issuers' }
  /** How far the clocks of an issuer and of Lambda may differ. Seconds. */
  | { readonly kind: 'clock-skew' }
  /** Websites whose pages may connect, as JSON (`identity/origins.ts`). */
  | { readonly kind: 'origins' }
  /** How long an event stream lasts at most. Seconds. */
  | { readonly kind: 'stream-seconds' }
  /** How many streams and polls may wait at once; 0 without a limit. */
  | { readonly kind: 'waiting-places' }
  /** How many sessions over HTTP one address may have open without a token. */
  | { readonly kind: 'sessions-per-address' }
  /** ARN of the secret that the edge sends along, with the right to read it; `none` without an edge. */
  | { readonly kind: 'origin-key' }
  /** Source of the stage's events of a group, with the right to put them on the default bus. `none` if the group is off. */
  | { readonly kind: 'event-source'; readonly group: LifecycleGroup }
  /** Which parts of messages the stage reports as events. */
  | { readonly kind: 'message-events' };

/** The trigger of a function. */
export type Trigger =
  /** Requests to a public URL of its own. The function itself checks each caller. It may answer with a stream. */
  | { readonly kind: 'url' }
  /** A route of the gateway. `replies`: the gateway sends the result to the client (PR-1). */
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
  /** An event on the account's default bus that names the stage in its `detail`; repeated when it fails. */
  | { readonly kind: 'event'; readonly detailType: string }
  /** The clock, every `everyMinutes` minutes. A run that fails is not repeated: the next one does its work. */
  | { readonly kind: 'schedule'; readonly everyMinutes: number }
  /**
   * Changes of a table's items, which it reads from the table's stream: in batches, in order for each item, and again until
   * they succeed or their attempts are used up. DynamoDB allows two readers of a stream. Several batches of one shard may run at the
   * same time, so no reader relies on an order between items.
   */
  | {
      readonly kind: 'stream';
      readonly table: TableName;
      readonly changes: ChangesPolicy;
      /** How long Lambda gathers changes for a batch that is not full. Whole seconds. 0 if users or functions wait for what the reader does. */
      readonly gatherSeconds: number | 'of the configuration';
      /**
       * Set if one run at a time reads a shard, and takes as much as there is: a run delivers all that its channels have. Without it, the
       * stage says how many run, and each takes 100 changes at most.
       */
      readonly takesAll?: true;
    }
  /** People and programs with the right to invoke it, by its name. */
  | { readonly kind: 'operator' }
  /** Another function, which does not wait for it. An invocation that failed is repeated, and then goes to `onFailure`. */
  | { readonly kind: 'asynchronous'; readonly onFailure?: 'release' };

/**
 * The changes that a reader gets, as filters of which one has to match. They may name the namespaces of the stage, except `@all`, and
 * those that are packed.
 */
export type ChangesPolicy = (
  namespaces: readonly string[],
  packed: readonly string[],
) => readonly FilterPattern[];

/**
 * A filter of an event source mapping: an object in the shape of the record, with lists of what a value may be. Only operators
 * that Lambda documents compile. EventBridge's rules know more, such as `anything-but` with `prefix`. In place of `$or`, a
 * mapping has several filters.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export interface FilterPattern {
  readonly [name: string]: FilterPattern | readonly FilterTest[];
}

type Plain = string | number | boolean | null;

type Relation = '=' | '<' | '<=' | '>' | '>=';

type FilterTest =
  | Plain
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly 'equals-ignore-case': string }
  | { readonly 'anything-but': readonly (string | number)[] }
  | { readonly exists: boolean }
  | { readonly numeric: readonly [Relation, number] | readonly [Relation, number, Relation, number] };

export interface FunctionManifest {
  readonly purpose: string;
  readonly trigger: Trigger;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Only stages with these events on have the function, or those with a packed namespace. */
  readonly onlyFor?: LifecycleGroup | 'packed namespaces';
  /** A worker whose executions a stage bounds, so that commands and handshakes keep theirs. */
  readonly bounded?: 'deliver' | 'farewell';
  readonly needs: Readonly<Record<string, Need>>;
}
