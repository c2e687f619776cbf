/** What differs between stages, typed: the laptop, a development stack, production. */

import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Issuer } from '../lambdas/identity/issuer.ts';
import type { EdgeSettings } from './edge-settings.ts';
import { ALL_BUT_MESSAGES, type LifecycleEvents } from './lifecycle-settings.ts';
import type { RouteThrottles, Throttle } from './route-throttles.ts';

export interface StageSettings {
  /** Last part of the wss URL, and the `STAGE` that the configuration may depend on. */
  readonly name: string;
  /** What happens to tables and logs when the stack goes. `RETAIN` also protects tables from deletion. */
  readonly removal: RemovalPolicy;
  readonly logRetention: RetentionDays;
  /**
   * Requests per second and burst of the whole stage. Said explicitly, because an omitted value can become zero and
   * refuse every handshake (TH-3); kept below the account's shared 10,000 per second (LM-1).
   */
  readonly throttle: Throttle;
  /** The same for single routes. On AWS their rates add up to no more than the stage's. */
  readonly routeThrottles: RouteThrottles;
  /** Requests per second and burst of the HTTP API; it shares the account's 10,000 with everything else. */
  readonly apiThrottle: Throttle;
  /** How servers show who they are to the HTTP API: by tokens of the stage (`npm run token -- --server`), or by IAM. */
  readonly apiAuthorization: 'token' | 'iam';
  /**
   * What one broadcast may take of the account's requests per second: posts are requests, too, and share its 10,000 with
   * everything else on API Gateway in the region (LM-1). With a raised quota (LM-2), raise this.
   */
  readonly postsPerSecond: number;
  /**
   * API Gateway writes access logs for WebSocket APIs only when the account names a role for it (LG-2), once per
   * account and region. `create` lets this stack set it; `existing` leaves the account alone.
   */
  readonly gatewayLogRole: 'create' | 'existing';
  /**
   * Who manages the keys that tables, secrets and logs are encrypted with. `aws-managed`: AWS does, and whoever may read a
   * table may use its key. `customer-managed`: the stack has a key of its own, so that its policy says who may use it, it
   * can be disabled in one place, and each use is in CloudTrail; $1 a month and $0.03 for 10,000 uses.
   */
  readonly encryption: 'aws-managed' | 'customer-managed';
  /** CloudFront and a firewall in front of the gateway, which then refuses whoever comes past them (`docs/edge.md`). */
  readonly edge: 'none' | EdgeSettings;
  /**
   * Websites whose pages may connect: `https://app.example.com`, or `https://*.example.com` for every subdomain. Programs that
   * are no browsers are not concerned.
   */
  readonly origins: readonly string[];
  readonly lifecycleEvents: LifecycleEvents;
  /**
   * Event streams and polls over HTTP, for clients whose network lets no WebSocket through (`docs/fallbacks.md`). Not behind an
   * edge.
   */
  readonly fallback: 'none' | FallbackSettings;
  /** Whose tokens are accepted, beside those signed with the stage's own secret. */
  readonly tokens: {
    /** Providers that publish their keys, such as Cognito or Auth0. */
    readonly issuers: readonly Issuer[];
    /** A token is good this much longer than it says, because clocks differ. Seconds. */
    readonly clockSkewSeconds: number;
  };
}

export interface FallbackSettings {
  /**
   * Streams and requests at once, reserved for them: an open stream keeps one execution of the account's (1,000 at first, 10 in
   * new accounts) to itself, and without a bound would take them from the sockets. Ten times as many requests a second are the
   * most that the URL takes (https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-throttling).
   */
  readonly concurrency: 'unreserved' | number;
  /** Then a stream's client has to come again. Seconds. */
  readonly streamSeconds: number;
}

/** Half a minute before its function would be stopped, which takes 15 minutes at most. */
const STREAM_SECONDS = 870;

/** NTP keeps servers within a fraction of it. */
const CLOCK_SKEW_SECONDS = 5;

export const stages = {
  local: {
    name: 'local',
    removal: RemovalPolicy.DESTROY,
    logRetention: RetentionDays.ONE_DAY,
    throttle: { rateLimit: 5_000, burstLimit: 2_500 },
    // A laptop has no quota of handshakes.
    routeThrottles: {
      $connect: { rateLimit: 5_000, burstLimit: 2_500 },
      $default: { rateLimit: 5_000, burstLimit: 2_500 },
      ping: { rateLimit: 5_000, burstLimit: 2_500 },
    },
    apiThrottle: { rateLimit: 5_000, burstLimit: 2_500 },
    apiAuthorization: 'token',
    // Nor one of posts.
    postsPerSecond: 20_000,
    gatewayLogRole: 'existing',
    // There is no KMS on a laptop.
    encryption: 'aws-managed',
    edge: 'none',
    // Whatever is served on this machine, and pages that were opened from a file.
    origins: ['http://localhost:*', 'http://127.0.0.1:*', 'null'],
    // A laptop has no quota of executions either.
    fallback: { concurrency: 'unreserved', streamSeconds: STREAM_SECONDS },
    lifecycleEvents: ALL_BUT_MESSAGES,
    tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
  },
  dev: {
    name: 'dev',
    removal: RemovalPolicy.DESTROY,
    logRetention: RetentionDays.ONE_WEEK,
    throttle: { rateLimit: 500, burstLimit: 250 },
    routeThrottles: {
      // What prod leaves of the account's 500 handshakes a second.
      $connect: { rateLimit: 50, burstLimit: 50 },
      $default: { rateLimit: 400, burstLimit: 200 },
      // 13,500 idle clients, who ping after four and a half minutes.
      ping: { rateLimit: 50, burstLimit: 50 },
    },
    apiThrottle: { rateLimit: 50, burstLimit: 50 },
    apiAuthorization: 'token',
    postsPerSecond: 2_000,
    gatewayLogRole: 'create',
    // A key that is made and left behind with every trial stack is money for nothing.
    encryption: 'aws-managed',
    edge: 'none',
    // No website yet: name yours.
    origins: [],
    // A new account has ten executions in all, and may reserve none of them: a trial must not fail for it.
    fallback: 'none',
    lifecycleEvents: ALL_BUT_MESSAGES,
    tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
  },
  prod: {
    name: 'prod',
    removal: RemovalPolicy.RETAIN,
    logRetention: RetentionDays.THREE_MONTHS,
    throttle: { rateLimit: 4_500, burstLimit: 2_500 },
    routeThrottles: {
      // The dear door, open to anybody: each handshake runs two functions and writes. Rate and burst together are the most
      // of one second, and with dev's they are the account's quota of 500 new connections, which a flood of one stage
      // then cannot take from the other. 100,000 clients that come back at once take seven minutes.
      $connect: { rateLimit: 250, burstLimit: 150 },
      $default: { rateLimit: 3_500, burstLimit: 2_000 },
      // 200,000 idle clients, who ping after four and a half minutes. It runs no Lambda, but is billed and takes of the quota.
      ping: { rateLimit: 750, burstLimit: 750 },
    },
    apiThrottle: { rateLimit: 500, burstLimit: 250 },
    apiAuthorization: 'token',
    postsPerSecond: 5_000,
    gatewayLogRole: 'create',
    // Messages of people: that reading them at rest can be stopped in one place is worth a dollar.
    encryption: 'customer-managed',
    edge: 'none',
    // No website yet: name yours.
    origins: [],
    // A fifth of an account's executions. All of it open all the time is $2.40 an hour.
    fallback: { concurrency: 200, streamSeconds: STREAM_SECONDS },
    lifecycleEvents: ALL_BUT_MESSAGES,
    tokens: { issuers: [], clockSkewSeconds: CLOCK_SKEW_SECONDS },
  },
} as const satisfies Readonly<Record<string, StageSettings>>;

/** The stages that `cdk deploy` offers; `local` opens what only a laptop may have open. */
export type DeployedStage = Exclude<keyof typeof stages, 'local'>;

/** @throws Error for a stage that cannot be deployed. */
export function deployedStage(name: unknown): StageSettings {
  if (name === 'dev' || name === 'prod') return stages[name];
  throw new Error(`Choose the stage with -c stage=dev or -c stage=prod; got ${JSON.stringify(name)}`);
}
