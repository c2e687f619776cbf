/** Deliveries as asynchronous invocations of the worker function. */

import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Deliveries } from '../realtime/ports.ts';

export interface DeliveryOptions {
  /** Name or ARN of the worker. */
  readonly functionName: string;
  readonly postsPerSecond: number;
}

type Sdk = typeof import('@aws-sdk/client-lambda');

export function lambdaDeliveries({ functionName, postsPerSecond }: DeliveryOptions): Deliveries {
  let loading: Promise<{ readonly sdk: Sdk; readonly client: LambdaClient }> | undefined;
  return {
    postsPerSecond,

    async start(task) {
      loading ??= load();
      const { sdk, client } = await loading;
      await client.send(
        new sdk.InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'Event',
          Payload: JSON.stringify(task),
        }),
      );
    },
  };
}

/** Loaded when it is needed: most channels are small. */
async function load() {
  const sdk = await import('@aws-sdk/client-lambda');
  return { sdk, client: new sdk.LambdaClient() };
}
