import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { lambdaDeliveries } from '../../../lambdas/aws/lambda-deliveries.ts';
import { broadcastFixture } from '../realtime/broadcasts.ts';

describe('deliveries by Lambda', () => {
  it('invoke the worker with the task, and do not wait for it', async () => {
    const lambda = mockClient(LambdaClient);
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    const task = { kind: 'stragglers' as const, broadcast: broadcastFixture(), recipients: [], attempt: 0 };

    await lambdaDeliveries({ functionName: 'worker', postsPerSecond: 7 }).start(task);

    const [call] = lambda.commandCalls(InvokeCommand);
    expect(call?.args[0].input).toEqual({
      FunctionName: 'worker',
      InvocationType: 'Event',
      Payload: JSON.stringify(task),
    });
  });
});
