/** Sets the limits of single routes of a stage. The CDK has no L2 for them (CD-4). */

import { CfnStage, type WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { RouteThrottles } from '../settings/throttle.ts';

/** Afterwards the stage names routes. It must depend on them, because API Gateway refuses the name of a route that does not exist yet. */
export function throttleRoutes(stage: WebSocketStage, throttles: RouteThrottles): void {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new Error('The stage has no resource');
  const settings = Object.entries(throttles).map(([key, { rateLimit, burstLimit }]) => [
    key,
    { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
  ]);
  defaultChild.routeSettings = Object.fromEntries(settings);
}
