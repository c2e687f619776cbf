/** What differs between stages, typed: the laptop, a development stack, production. */

import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

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
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number };
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
}

export const stages = {
  local: {
    name: 'local',
    removal: RemovalPolicy.DESTROY,
    logRetention: RetentionDays.ONE_DAY,
    throttle: { rateLimit: 5_000, burstLimit: 2_500 },
    // A laptop has no quota.
    postsPerSecond: 20_000,
    gatewayLogRole: 'existing',
  },
  dev: {
    name: 'dev',
    removal: RemovalPolicy.DESTROY,
    logRetention: RetentionDays.ONE_WEEK,
    throttle: { rateLimit: 500, burstLimit: 250 },
    postsPerSecond: 2_000,
    gatewayLogRole: 'create',
  },
  prod: {
    name: 'prod',
    removal: RemovalPolicy.RETAIN,
    logRetention: RetentionDays.THREE_MONTHS,
    throttle: { rateLimit: 5_000, burstLimit: 2_500 },
    postsPerSecond: 5_000,
    gatewayLogRole: 'create',
  },
} as const satisfies Readonly<Record<string, StageSettings>>;

/** The stages that `cdk deploy` offers; `local` opens what only a laptop may have open. */
export type DeployedStage = Exclude<keyof typeof stages, 'local'>;

/** @throws Error for a stage that cannot be deployed. */
export function deployedStage(name: unknown): StageSettings {
  if (name === 'dev' || name === 'prod') return stages[name];
  throw new Error(`Choose the stage with -c stage=dev or -c stage=prod; got ${JSON.stringify(name)}`);
}
