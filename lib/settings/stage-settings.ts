/** The settings in which stages differ, typed: the laptop, a development stack, production. */

import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Issuer } from '../../lambdas/identity/issuer.ts';
import { accountQuotas } from './account-quotas.ts';
import { ALARMS, type AlarmSettings } from './alarm-settings.ts';
import type { EdgeSettings } from './edge-settings.ts';
import { ALL_BUT_MESSAGES, IF_HEARD, type LifecycleEvents } from './lifecycle-settings.ts';
import { type StageThrottles, shareOf } from './quota-shares.ts';
import { SettingError } from './setting-error.ts';

export interface StageSettings extends StageThrottles {
  /** The last part of the wss URL, and the name that `fanfare.config.ts` gets. */
  readonly name: string;
  /**
   * What happens to tables, secrets, logs and the key when the stack is deleted. `RETAIN_ON_UPDATE_OR_DELETE` keeps them then,
   * but not when a creation fails, so that no resource of the first creation stops a second one. Plain `RETAIN` would leave a
   * key, tables and log groups behind with every attempt (decision 19).
   */
  readonly removal: RemovalPolicy.DESTROY | RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  /**
   * How the token secret and the functions `revoke` and `fallback` get their names. `generated`: CloudFormation chooses the
   * names, and the stack has them as outputs. So a left resource never takes the name of a new one. `fixed`: the names are made
   * of the stack's name. Only `local` needs this: `npm run token` and the local runtime share a file that is named after the
   * secret, and there is no stack with outputs.
   */
  readonly names: 'generated' | 'fixed';
  readonly logRetention: RetentionDays;
  /**
   * Requests per second and burst of the WebSocket API (`throttle`), of its routes (`routeThrottles`) and of the HTTP API
   * (`apiThrottle`), and how many posts per second one broadcast may send (`postsPerSecond`). All of them are requests to API
   * Gateway, and share one quota of the account and region (LM-1). `shareOf` computes them, and a stage may set its own
   * instead. No number may be omitted, because an omitted one can become zero and refuse every handshake (TH-3).
   */
  readonly throttle: StageThrottles['throttle'];
  /**
   * How many executions `deliver` and `farewell` may use at once. Over the quota of requests, and while many users leave, they would
   * otherwise take the executions that commands and handshakes need. They are reserved, so the account has to have them:
   * `shareOf` reserves none unless `account-quotas.ts` names an account with 200 executions or more. What finds no execution waits
   * in Lambda's queue, where an event is tried again after a second, and then after twice as long each time.
   */
  readonly workerConcurrency: StageThrottles['workerConcurrency'];
  /**
   * How many batches of one shard of a table's stream a reader, such as `presence`, may have at once. When 100,000 clients come back,
   * readers with one batch are minutes behind (`docs/benchmarks/load.md`). `shareOf` gives more than one to an account with executions
   * for it. Lambda takes 1 to 10.
   */
  readonly batchesPerShard: StageThrottles['batchesPerShard'];
  /** How servers authenticate to the HTTP API: by tokens of the stage (`npm run token -- --server`), or by IAM. */
  readonly apiAuthorization: 'token' | 'iam';
  /**
   * API Gateway writes access logs for WebSocket APIs only when the account names a role for it (LG-2). That role is one setting
   * of the whole account in a region. `create`: this stack makes a role and puts it into the setting, in place of a role that
   * may be there, and the logs of every other API of the account are then written with it. It grants what AWS's own policy for
   * this purpose grants, so other APIs go on logging. `existing`: the stack leaves the setting alone, and its creation fails if
   * the account names no role; choose it where another team looks after the account.
   */
  readonly gatewayLogRole: 'create' | 'existing';
  /**
   * The keys that encrypt tables, secrets and logs. `aws-managed`: AWS manages the keys, and a principal that may read a table
   * may use its key. `customer-managed`: the stack has a key of its own, so that its policy decides about its use, a person can
   * disable it in one place, and CloudTrail has each use. It costs $1 a month and $0.03 for 10,000 uses.
   */
  readonly encryption: 'aws-managed' | 'customer-managed';
  /** CloudFront and a firewall in front of the gateway, which then refuses clients that come past them (`docs/edge.md`). */
  readonly edge: 'none' | EdgeSettings;
  /** The name that clients connect to without an edge. Absent: the name that AWS makes. */
  readonly domain?: DomainSettings;
  /** The name of the HTTP API. Absent: the name that AWS makes. */
  readonly apiDomain?: DomainSettings;
  /**
   * Websites whose pages may connect: `https://app.example.com`, or `https://*.example.com` for every subdomain. The list does not restrict programs that are not browsers.
   */
  readonly origins: readonly string[];
  readonly lifecycleEvents: LifecycleEvents;
  /** Alarms, a dashboard and saved log queries. They cost about $5 a month (`docs/alarms.md`). */
  readonly alarms: 'none' | AlarmSettings;
  /**
   * Event streams and polls over HTTP, for clients whose network lets no WebSocket through (`docs/fallbacks.md`). Not behind an
   * edge.
   */
  readonly fallback: 'none' | FallbackSettings;
  /** The issuers whose tokens are accepted, beside those signed with the stage's own secret. */
  readonly tokens: {
    /** Providers that publish their keys, such as Cognito or Auth0. */
    readonly issuers: readonly Issuer[];
    /** A token is good this much longer than it says, because clocks differ. Seconds. */
    readonly clockSkewSeconds: number;
  };
}

/** A name for an API of the gateway, with its certificate in the same region. */
export interface DomainSettings {
  readonly name: string;
  readonly certificateArn: string;
}

export interface FallbackSettings {
  /**
   * How many streams and requests may run at once. These executions are reserved: an open stream occupies one of the account's
   * concurrent executions, and without a limit streams would take them from the sockets. Lambda leaves at least 100 unreserved,
   * so the account needs a quota of 100 more than all its reservations together; a new account has 10 and can reserve none. The
   * URL takes ten times as many requests a second
   * (https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-throttling). With `unreserved`, only the limits by
   * address and by openings bound the streams, which take executions from the sockets.
   */
  readonly concurrency: 'unreserved' | number;
  /**
   * How many sessions one source address may have open without a token. Raise it if all visitors come from a few addresses, as behind a CDN
   * or the gateway of a large office.
   *
   * @default `SESSIONS_PER_ADDRESS` of `packages/protocol/src/limits.ts`
   */
  readonly sessionsPerAddress?: number;
  /** A stream ends after this time, and its client opens the next one. Seconds. */
  readonly streamSeconds: number;
}

/** Half a minute less than the 15 minutes after which Lambda stops a function. */
export const STREAM_SECONDS = 870;

/** NTP keeps servers within a fraction of it. */
export const CLOCK_SKEW_SECONDS = 5;

/**
 * All pages that this machine serves. `null` is not allowed: a page that was opened from a file has this origin, but so has every sandboxed
 * frame of any website.
 */
export const LOCAL_ORIGINS = ['http://localhost:*', 'http://127.0.0.1:*'] as const;

export const stages = {
  local: {
    name: 'local',
    removal: RemovalPolicy.DESTROY,
    names: 'fixed',
    logRetention: RetentionDays.ONE_DAY,
    throttle: { rateLimit: 5_000, burstLimit: 2_500 },
    // A laptop has no quota of requests and handshakes.
    routeThrottles: {
      $connect: { rateLimit: 5_000, burstLimit: 2_500 },
      $default: { rateLimit: 5_000, burstLimit: 2_500 },
      ping: { rateLimit: 5_000, burstLimit: 2_500 },
    },
    apiThrottle: { rateLimit: 5_000, burstLimit: 2_500 },
    apiAuthorization: 'token',
    postsPerSecond: 20_000,
    workerConcurrency: 'unreserved',
    // One visitor causes few changes. Four shards already run side by side.
    batchesPerShard: 1,
    gatewayLogRole: 'existing',
    // There is no KMS on a laptop.
    encryption: 'aws-managed',
    edge: 'none',
    origins: LOCAL_ORIGINS,
    // A laptop has no quota of executions either.
    fallback: { concurrency: 'unreserved', streamSeconds: STREAM_SECONDS },
    lifecycleEvents: ALL_BUT_MESSAGES,
    // There is no CloudWatch on a laptop.
    alarms: 'none',
    tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
  },
  dev: {
    name: 'dev',
    removal: RemovalPolicy.DESTROY,
    names: 'generated',
    logRetention: RetentionDays.ONE_WEEK,
    // A fifth of the account's quotas: 62 handshakes a second, and the pings of 19,000 idle clients, which ping every 522
    // seconds.
    ...shareOf(accountQuotas, 0.2),
    apiAuthorization: 'token',
    gatewayLogRole: 'create',
    // Every trial stack would make a key, and keys cost money.
    encryption: 'aws-managed',
    edge: 'none',
    // No website yet: name yours.
    origins: [],
    fallback: 'none',
    // `npm run smoke` looks whether they work.
    lifecycleEvents: { ...IF_HEARD, channels: true },
    // On a trial stack they would cost more than its requests.
    alarms: 'none',
    tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
  },
  prod: {
    name: 'prod',
    removal: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    names: 'generated',
    logRetention: RetentionDays.THREE_MONTHS,
    // Four fifths of the account's quotas. Handshakes are the expensive route: anyone can make one, and each runs two functions and writes. With 250 a second, 100,000 clients that come back at once take seven minutes. Pings: 78,000 idle clients.
    ...shareOf(accountQuotas, 0.8),
    apiAuthorization: 'token',
    gatewayLogRole: 'create',
    // Disabling this one key stops all reading of stored messages. That is worth a dollar.
    encryption: 'customer-managed',
    edge: 'none',
    // No website yet: name yours.
    origins: [],
    // Off, because a new account has ten concurrent executions and can reserve none: the stack could not be created. To turn it on,
    // have the quota "Concurrent executions" of Lambda raised to at least 300, and write
    // `fallback: { concurrency: 200, streamSeconds: STREAM_SECONDS }`. It reserves 200 of them.
    fallback: 'none',
    lifecycleEvents: IF_HEARD,
    // No address yet: name yours, or subscribe a program to the topic.
    alarms: ALARMS,
    tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
  },
} as const satisfies Readonly<Record<string, StageSettings>>;

/** The stages that `cdk deploy` offers, by name: every entry of the table but `local`. */
export function deployedStages(
  table: Readonly<Record<string, StageSettings>> = stages,
): ReadonlyMap<string, StageSettings> {
  return new Map(Object.entries(table).filter(([key]) => key !== 'local'));
}

/**
 * The settings of a stage that `cdk deploy` offers: every entry of the table but `local`, which opens what only a laptop may
 * have open.
 *
 * @throws SettingError that names the stages there are.
 */
export function deployedStage(
  name: unknown,
  table: Readonly<Record<string, StageSettings>> = stages,
): StageSettings {
  const deployed = deployedStages(table);
  const settings = typeof name === 'string' ? deployed.get(name) : undefined;
  if (settings) return settings;
  const choices = [...deployed.keys()].map((key) => `-c stage=${key}`).join(' or ');
  throw new SettingError(`Choose the stage with ${choices}; got ${JSON.stringify(name)}.`);
}
