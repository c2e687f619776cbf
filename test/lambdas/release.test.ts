import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { END, stubEnvironment } from './presence-tables.ts';

stubEnvironment('release');
const dynamodb = mockClient(DynamoDBClient);
const lambda = mockClient(LambdaClient);
const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
const { handler } = await import('../../lambdas/release.ts');

const HOUR = 60 * 60 * 1000;

const failureOf = (requestPayload: object) => ({
  requestContext: { requestId: 'request-1', condition: 'RetriesExhausted' },
  requestPayload,
});
const leaving = (user: string, until: number) => ({ channel: 'chat:a', user, until });
const started = () =>
  lambda
    .commandCalls(InvokeCommand)
    .map(({ args }) => [args[0].input.FunctionName, JSON.parse(String(args[0].input.Payload))]);

describe('a farewell that failed each time', () => {
  beforeEach(() => {
    warn.mockClear();
    dynamodb.reset();
    lambda.reset();
    lambda.on(InvokeCommand).resolves({});
  });

  it('is started again, for an hour', async () => {
    const late = leaving('ann', Date.now() - HOUR + 60_000);

    await handler(failureOf({ lingering: [late, leaving('bob', Date.now() - HOUR - 1)] }));

    expect(started()).toEqual([['FAREWELL_WORKER', { lingering: [late] }]]);
  });

  it('is given up after that', async () => {
    await handler(failureOf({ lingering: [leaving('ann', 0)] }));

    expect(started()).toEqual([]);
    expect(dynamodb.calls()).toEqual([]);
  });

  it('is left to the sweep if it was the worker of the due list', async () => {
    await handler(failureOf({ worker: '7' }));

    expect(started()).toEqual([]);
    expect(JSON.stringify(warn.mock.calls)).toContain('The worker of presence failed');
  });

  it('is logged without the names of users', async () => {
    await handler(failureOf({ lingering: [leaving('secret-name', 0)] }));

    const printed = JSON.stringify(warn.mock.calls);
    expect(printed).toContain('request-1');
    expect(printed).not.toContain('secret-name');
  });

  it.each([{}, { lingering: [{}] }, { kind: 'farewell' }])(
    'is not read from another payload: %j',
    async (payload) => {
      await expect(handler(failureOf(payload))).rejects.toThrow();
    },
  );
});

describe('a delivery that failed because posts were refused', () => {
  const broadcast = { id: 'b', channel: 'chat:a', frame: 'e30=', postsPerSecond: 100 };
  const recipients = [{ connectionId: 'L0SM9cOFvHcCIhw=', shard: 0, expiresAt: END }];
  const task = { kind: 'stragglers', broadcast, recipients, attempt: 1 };
  const responsePayload = { errorType: 'PlatformRefusal', errorMessage: '403 (1 connections of chat:a)' };

  it('is logged with the reason, and no connection is closed or forgotten', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    dynamodb.reset();

    await handler({ ...failureOf(task), responsePayload });

    expect(JSON.stringify(error.mock.calls)).toContain('403 (1 connections of chat:a)');
    expect(error).toHaveBeenCalledTimes(1);
    expect(dynamodb.calls()).toEqual([]);
  });
});
