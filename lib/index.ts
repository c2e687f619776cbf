/** The public door of the package: the construct, and what it takes and gives. */

// biome-ignore-all lint/performance/noBarrelFile: this is the one file that other projects import.

export type { Issuer, NamedIssuer } from '../lambdas/identity/issuer.ts';
export type { FunctionName, TableName } from '../lambdas/manifest/manifest.ts';
export type { LifecycleType } from '../lambdas/realtime/lifecycle/lifecycle.ts';
export { Fanfare } from './fanfare.ts';
export type { IFanfare } from './fanfare-base.ts';
export type { FanfareDomain, FanfareProps } from './fanfare-props.ts';
export type { AppTable } from './functions/app-table.ts';
export type { FanfareAttributes } from './imported-fanfare.ts';
export type { AlarmName } from './observability/alarm-table.ts';
export type { AlarmSettings } from './settings/alarm-settings.ts';
export type { EdgeSettings } from './settings/edge-settings.ts';
export type { LifecycleEvents } from './settings/lifecycle-settings.ts';
export type { WorkerConcurrency } from './settings/quota-shares.ts';
export type { FallbackSettings } from './settings/stage-settings.ts';
export type { RouteThrottles, Throttle } from './settings/throttle.ts';
