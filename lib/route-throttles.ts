/** Limits of single routes on a stage, for which there is no L2 (CD-4). */

import { CfnStage, type WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';

/** Requests per second, and how many at once. Both are always said: what is omitted can become zero (TH-3, CD-7). */
export interface Throttle {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** `$disconnect` is not among them: it has the limit of the stage. */
export type RouteThrottles = Readonly<Record<'$connect' | '$default' | 'ping', Throttle>>;

/** The stage then names routes, and has to depend on them: API Gateway refuses the name of one that is not there yet. */
export function throttleRoutes(stage: WebSocketStage, throttles: RouteThrottles): void {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new Error('The stage has no resource');
  const settings = Object.entries(throttles).map(([key, { rateLimit, burstLimit }]) => [
    key,
    { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
  ]);
  defaultChild.routeSettings = Object.fromEntries(settings);
}
