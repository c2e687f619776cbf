/** Asynchronous invocations of a function: accepted by Lambda, and done at least once. */

import type { LambdaClient } from '@aws-sdk/client-lambda';

type Sdk = typeof import('@aws-sdk/client-lambda');

/** @param functionName name or ARN. */
export function invokeLater(functionName: string): (payload: unknown) => Promise<void> {
  let loading: Promise<{ readonly sdk: Sdk; readonly client: LambdaClient }> | undefined;
  return async (payload) => {
    loading ??= load();
    const { sdk, client } = await loading;
    await client.send(
      new sdk.InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(payload),
      }),
    );
  };
}

/** Loads the SDK at the first invocation, because most runs never invoke another function. */
async function load() {
  const sdk = await import('@aws-sdk/client-lambda');
  return { sdk, client: new sdk.LambdaClient() };
}
