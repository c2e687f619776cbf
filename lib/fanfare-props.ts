/** What an app says about a Fanfare. Only the configuration is required: every default is the safe choice. */

import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { NamedIssuer } from '../lambdas/identity/issuer.ts';
import type { FunctionName } from '../lambdas/manifest/manifest.ts';
import type { AppTable } from './functions/app-table.ts';
import type { AlarmSettings } from './settings/alarm-settings.ts';
import type { EdgeSettings } from './settings/edge-settings.ts';
import type { LifecycleEvents } from './settings/lifecycle-settings.ts';
import type { WorkerConcurrency } from './settings/quota-shares.ts';
import type { FallbackSettings } from './settings/stage-settings.ts';
import type { RouteThrottles, Throttle } from './settings/throttle.ts';

/** A name of your own for an API, with the certificate for it in the region of the stack. */
export interface FanfareDomain {
  /** The host, such as `live.example.com`. */
  readonly name: string;
  /** Covers the name. */
  readonly certificate: ICertificate;
}

export interface FanfareProps {
  /** The path of the configuration: absolute, or relative to the folder in which the app runs. */
  readonly config: string;
  /**
   * Tables of yours, by the names that `table(name)` of `fanfare/config` takes. Handlers may read, write and delete single items of them.
   *
   * @default none
   */
  readonly tables?: Readonly<Record<string, AppTable>>;
  /**
   * The name of the stage: the end of its URLs, the audience of its tokens, and the end of the source of its events. Two with one name in
   * an account and region would get each other's events, so choose a name only if it is unique there. It does not begin with `local`.
   *
   * @default the name of the stack and the path of the construct, such as `Shop-Realtime`
   */
  readonly name?: string;
  /**
   * What happens to tables, secrets, logs and the key when they leave the stack. `RETAIN_ON_UPDATE_OR_DELETE` keeps them then, but
   * not when a creation fails.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removal?: RemovalPolicy.DESTROY | RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  /**
   * The keys that encrypt tables, secrets and logs: those that AWS manages, or one of the construct's own, for $1 a month.
   *
   * @default 'customer-managed'
   */
  readonly encryption?: 'aws-managed' | 'customer-managed';
  /** How long logs are kept. @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays;
  /**
   * The part of the account's quotas of API Gateway that this stage may use, above 0 and up to 1. The shares of all stages in an account
   * and region add up to at most 1. It is a share of the quotas of a new account: 2,500 requests a second and 500 handshakes.
   *
   * @default 0.2
   */
  readonly accountShare?: number;
  /** The limits of the WebSocket API. @default by `accountShare` */
  readonly throttle?: Throttle;
  /** The limits of its routes. @default by `accountShare` */
  readonly routeThrottles?: RouteThrottles;
  /** The limits of the HTTP API. @default by `accountShare` */
  readonly apiThrottle?: Throttle;
  /** How many posts a second one broadcast may send. @default by `accountShare` */
  readonly postsPerSecond?: number;
  /**
   * How many executions the workers `deliver` and `farewell` may use at once, reserved, so that broadcasts over the quota leave the
   * others to commands and handshakes. The account needs 100 more than all its reservations together; a new account has 10 and can
   * reserve none. @default 'unreserved'
   */
  readonly workerConcurrency?: 'unreserved' | WorkerConcurrency;
  /**
   * How many batches of one shard of a table's stream each reader, such as `presence`, may have at once, 1 to 10. More of them catch up
   * sooner after many clients came back, and take executions of the account meanwhile. @default 1 in an account with few executions
   */
  readonly batchesPerShard?: number;
  /** How servers authenticate to the HTTP API: by tokens of the stage, or by IAM. @default 'token' */
  readonly apiAuthorization?: 'token' | 'iam';
  /**
   * API Gateway writes access logs of WebSocket APIs with one role for the whole account and region. `create`: the stack makes this
   * role, once, and puts it into the setting in place of another. `existing`: the account has a role already, or the creation fails.
   *
   * @default 'create'
   */
  readonly gatewayLogRole?: 'create' | 'existing';
  /** Websites whose pages may connect, such as `https://app.example.com`. On a laptop also all pages that it serves. @default [] */
  readonly origins?: readonly string[];
  /**
   * The events that go to EventBridge. `onLifecycle` turns a group on, except for messages. For a rule of another stack, set the group to
   * `true`. @default { connections: 'if heard', channels: 'if heard', members: 'if heard', messages: 'none' }
   */
  readonly lifecycleEvents?: Partial<LifecycleEvents>;
  /**
   * Alarms with a topic, a dashboard and saved log queries, for about $5 a month. With `emails`, people learn of an alarm.
   *
   * @default { emails: [], monthlyBudget: 'none', thresholds: {} }
   */
  readonly alarms?: 'none' | Partial<AlarmSettings>;
  /** Event streams and polls over HTTP, for clients whose network lets no WebSocket through. @default 'none' */
  readonly fallback?: 'none' | FallbackSettings;
  /** The issuers whose tokens are accepted, beside those signed with the stage's own secret. @default none, and 5 s of clock skew */
  readonly tokens?: {
    /** Providers that publish their keys, such as Cognito or Auth0. @default [] */
    readonly issuers?: readonly NamedIssuer[];
    /** A token is good this much longer than it says, because clocks differ. Seconds. @default 5 */
    readonly clockSkewSeconds?: number;
  };
  /** The name that clients connect to. Point it to `domainName` by DNS. @default the name that AWS makes */
  readonly domain?: FanfareDomain;
  /** The name of the HTTP API for servers: another one, because API Gateway takes no WebSocket API beside it. @default the name that AWS makes */
  readonly apiDomain?: FanfareDomain;
  /** An edge in front of the gateway, which then refuses clients that come past it. Not with `domain`. @default 'none' */
  readonly edge?: 'none' | EdgeSettings;
  /** Bundles that exist already, with `handler` exported from `index`. @default they are built with the configuration */
  readonly code?: (name: FunctionName) => Code;
}
