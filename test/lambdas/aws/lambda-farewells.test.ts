import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { CHANNEL_LENGTH, USER_LENGTH } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { lambdaFarewells } from '../../../lambdas/aws/lambda-farewells.ts';

vi.stubEnv('AWS_REGION', 'us-east-1');
const lambda = mockClient(LambdaClient);

/** The largest payload of an asynchronous invocation in every region. Bytes. */
const PAYLOAD_BYTES = 256 * 1024;

const payloads = () => lambda.commandCalls(InvokeCommand).map(({ args }) => String(args[0].input.Payload));

describe('farewells', () => {
  beforeEach(() => {
    lambda.reset();
    lambda.on(InvokeCommand).resolves({});
  });

  it('of all users who leave at once take one asynchronous invocation', async () => {
    const lingering = ['ann', 'bob'].map((user) => ({ channel: 'chat:a', user, until: 5 }));

    await lambdaFarewells('farewell').start(lingering);

    expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'farewell',
      InvocationType: 'Event',
      Payload: JSON.stringify({ lingering }),
    });
    expect(payloads()).toHaveLength(1);
  });

  it('begin with a worker, whose invocation names it', async () => {
    await lambdaFarewells('farewell').startShift('7');

    expect(payloads()).toEqual([JSON.stringify({ worker: '7' })]);
  });

  it('are split into invocations within the payload limit, also with the longest names', async () => {
    const leaving = {
      channel: 'c'.repeat(CHANNEL_LENGTH),
      user: '\u{FFFF}'.repeat(USER_LENGTH),
      until: 2e12,
    };
    const lingering = Array.from({ length: 1_001 }, (_, n) => ({ ...leaving, until: n }));

    await lambdaFarewells('farewell').start(lingering);

    expect(payloads().flatMap((payload) => JSON.parse(payload).lingering)).toEqual(lingering);
    for (const payload of payloads()) expect(Buffer.byteLength(payload)).toBeLessThan(PAYLOAD_BYTES);
  });
});
