/** Deliveries as asynchronous invocations of the worker function. */

import type { Deliveries } from '../realtime/delivery/delivery-task.ts';
import { invokeLater } from './invoke-later.ts';

export interface DeliveryOptions {
  /** Name or ARN of the worker. */
  readonly functionName: string;
  readonly postsPerSecond: number;
}

export function lambdaDeliveries({ functionName, postsPerSecond }: DeliveryOptions): Deliveries {
  return { postsPerSecond, start: invokeLater(functionName) };
}
