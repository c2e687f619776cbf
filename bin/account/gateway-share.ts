/** How much of the account's API Gateway and Lambda quotas the throttles of a stage let through. */

import type { StageSettings } from '../../lib/settings/stage-settings.ts';

export interface GatewayShare {
  readonly stackName: string;
  readonly apis: readonly ApiThrottle[];
  /** Posts of broadcasts, which take of the same quota (LM-1). */
  readonly postsPerSecond: number;
  /** Rate and burst together: the most of one second. */
  readonly handshakesPerSecond: number;
  readonly invocationsPerSecond: number;
}

export interface ApiThrottle {
  readonly name: string;
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** The authorizer and `connect`. */
export const INVOCATIONS_OF_A_HANDSHAKE = 2;

export function gatewayShare(stackName: string, settings: StageSettings): GatewayShare {
  const { throttle, routeThrottles, apiThrottle, apiAuthorization, postsPerSecond } = settings;
  const { $connect: handshakes, $default: commands } = routeThrottles;
  // IAM is checked by API Gateway itself, a token by a function.
  const invocationsOfARequest = apiAuthorization === 'iam' ? 1 : 2;
  return {
    stackName,
    apis: [
      { name: 'WebSocket API', ...throttle },
      { name: 'HTTP API', ...apiThrottle },
    ],
    postsPerSecond,
    handshakesPerSecond: handshakes.rateLimit + handshakes.burstLimit,
    invocationsPerSecond:
      handshakes.rateLimit * INVOCATIONS_OF_A_HANDSHAKE +
      commands.rateLimit +
      apiThrottle.rateLimit * invocationsOfARequest,
  };
}

/** Requests per second of its APIs and its posts together. */
export function requestsPerSecond({ apis, postsPerSecond }: GatewayShare): number {
  return apis.reduce((sum, { rateLimit }) => sum + rateLimit, postsPerSecond);
}
