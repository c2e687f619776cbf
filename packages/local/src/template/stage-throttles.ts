/** The throttles of a stage, and notes about throttles that refuse everything. */

import type { Resource, RouteSettings } from './resources.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html */
export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

export interface StageThrottles {
  /** Shared by the routes without a throttle of their own. Without it, only the account's quota applies. */
  readonly everyRoute: Throttle | undefined;
  readonly byRoute: ReadonlyMap<string, Throttle>;
}

export function stageThrottles({
  DefaultRouteSettings = {},
  RouteSettings = {},
}: Resource<'AWS::ApiGatewayV2::Stage'>): StageThrottles {
  const byRoute = Object.entries(RouteSettings).flatMap(([routeKey, settings]) => {
    const throttle = throttleOf(settings);
    return throttle ? [[routeKey, throttle] as const] : [];
  });
  return { everyRoute: throttleOf(DefaultRouteSettings), byRoute: new Map(byRoute) };
}

/** If only one of the two numbers is set, AWS may use zero for the other (CD-7). */
function throttleOf({
  ThrottlingRateLimit: rate,
  ThrottlingBurstLimit: burst,
}: RouteSettings): Throttle | undefined {
  if (rate === undefined && burst === undefined) return undefined;
  return { ratePerSecond: rate ?? 0, burst: burst ?? 0 };
}

/** A sentence about each throttle that refuses everything. Tools that leave out a number make such throttles (TH-3). */
export function throttleNotes(stageName: string, { everyRoute, byRoute }: StageThrottles): string[] {
  const throttles = [['every route', everyRoute] as const, ...byRoute];
  return throttles
    .filter(([, throttle]) => throttle && (throttle.ratePerSecond === 0 || throttle.burst === 0))
    .map(
      ([route]) => `The stage ${stageName} throttles ${route} to 0: on AWS it answers everything with 429.`,
    );
}
