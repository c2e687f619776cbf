import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ASYNCHRONOUS_BYTES, SYNCHRONOUS_BYTES } from '../../../packages/local/src/functions/invoke-api.ts';
import { does, returns, throws } from '../../fixtures/functions.ts';
import { type InvocationType, invoke } from '../invoke.ts';
import { serveFunctions } from '../serve-functions.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Work';

const REQUEST_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Returns its event. */
const echoes = does('return event;');

/** JSON of exactly this size. */
const jsonOf = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;

/** The SDK's own client, as functions use it. */
function sdkClient(endpoint: string): LambdaClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sdk = new LambdaClient({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => sdk.destroy());
  return sdk;
}

describe('an invocation', () => {
  it.each(['Work', 'Work:$LATEST', ARN, `${ARN}:$LATEST`, '000000000000:function:Work'])(
    'finds its function as %s',
    async (reference) => {
      const { lambda } = await serveFunctions({ Work: returns('done'), Other: returns('other') });
      const response = await invoke(lambda, reference);

      expect([response.status, await response.json()]).toEqual([200, 'done']);
    },
  );

  it.each([
    ['Nobody', 'arn:aws:lambda:us-east-1:000000000000:function:Nobody'],
    ['Work:7', 'arn:aws:lambda:us-east-1:000000000000:function:Work:7'],
    [`${ARN}:live`, 'arn:aws:lambda:us-east-1:000000000000:function:Work:live'],
    [ARN.replace('us-east-1', 'eu-west-1'), 'arn:aws:lambda:eu-west-1:000000000000:function:Work'],
    ['constructor', 'arn:aws:lambda:us-east-1:000000000000:function:constructor'],
  ])('of %s, which is not a function here, is answered 404', async (reference, arn) => {
    const { lambda } = await serveFunctions({ Work: returns('done') });
    const response = await invoke(lambda, reference);

    expect([response.status, response.headers.get('x-amzn-ErrorType')]).toEqual([
      404,
      'ResourceNotFoundException',
    ]);
    expect(await response.json()).toEqual({ Type: 'User', Message: `Function not found: ${arn}` });
  });

  it.each([
    ['$LATEST', 200],
    ['live', 404],
  ])('may name the version %s in its query, which is answered %d', async (qualifier, status) => {
    const { lambda } = await serveFunctions({ Work: returns('done') });
    const url = `${lambda}/2015-03-31/functions/Work/invocations?Qualifier=${encodeURIComponent(qualifier)}`;

    const headers = { 'X-Amz-Invocation-Type': 'RequestResponse' };
    expect(await fetch(url, { method: 'POST', headers })).toMatchObject({ status });
  });

  it.each<[what: string, body: string | Blob]>([
    ['no JSON', '{"open":'],
    ['no UTF-8', new Blob([new Uint8Array([0x22, 0xff, 0x22])])],
  ])('whose payload is %s is answered 400', async (_what, body) => {
    const { lambda } = await serveFunctions({ Work: echoes });
    const response = await invoke(lambda, 'Work', { body });

    expect([response.status, response.headers.get('x-amzn-ErrorType')]).toEqual([
      400,
      'InvalidRequestContentException',
    ]);
    expect(await response.json()).toEqual({
      Type: 'User',
      Message: expect.stringContaining('Could not parse request body into json'),
    });
  });

  it('without a payload has an empty event', async () => {
    const { lambda } = await serveFunctions({ Work: echoes });
    const response = await invoke(lambda, 'Work', { body: '' });

    expect(await response.json()).toEqual({});
  });

  it.each<[type: InvocationType, limit: number, status: number]>([
    ['RequestResponse', SYNCHRONOUS_BYTES, 200],
    ['Event', ASYNCHRONOUS_BYTES, 202],
  ])('of the type %s takes a payload of exactly %d bytes', async (type, limit, status) => {
    const { lambda } = await serveFunctions({ Work: returns('done') });

    expect(await invoke(lambda, 'Work', { type, body: jsonOf(limit) })).toMatchObject({ status });
  });

  it.each<[type: InvocationType, limit: number]>([
    ['RequestResponse', SYNCHRONOUS_BYTES],
    ['Event', ASYNCHRONOUS_BYTES],
  ])('of the type %s is answered 413 with one byte more than %d', async (type, limit) => {
    const { lambda } = await serveFunctions({ Work: returns('done') });
    const { status, headers } = await invoke(lambda, 'Work', { type, body: jsonOf(limit + 1) });

    expect([status, headers.get('x-amzn-ErrorType')]).toEqual([413, 'RequestEntityTooLargeException']);
  });

  it('of an unknown type is answered 400', async () => {
    const { lambda } = await serveFunctions({ Work: returns('done') });
    const url = `${lambda}/2015-03-31/functions/Work/invocations`;
    const headers = { 'X-Amz-Invocation-Type': 'Later' };
    const response = await fetch(url, { method: 'POST', headers });

    expect([response.status, response.headers.get('x-amzn-ErrorType')]).toEqual([
      400,
      'InvalidParameterValueException',
    ]);
  });

  it('has to be a POST', async () => {
    const { lambda } = await serveFunctions({ Work: returns('done') });

    expect(await fetch(`${lambda}/2015-03-31/functions/Work/invocations`)).toMatchObject({ status: 403 });
  });

  it('of the type DryRun is answered 204, and runs nothing', async () => {
    const ran: string[] = [];
    const { lambda } = await serveFunctions(
      { Work: returns('done') },
      {},
      { onInvoked: (name) => ran.push(name) },
    );

    expect(await invoke(lambda, 'Work', { type: 'DryRun' })).toMatchObject({ status: 204 });
    expect(ran).toEqual([]);
  });
});

describe('a synchronous invocation', () => {
  it('is answered with the result of the function', async () => {
    const { lambda } = await serveFunctions({ Work: echoes });
    const response = await invoke(lambda, 'Work', { type: 'RequestResponse', body: '{"größe":[1,null]}' });

    expect(await response.json()).toEqual({ größe: [1, null] });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-amz-executed-version': '$LATEST',
      'x-amzn-requestid': expect.stringMatching(REQUEST_ID),
    });
    expect(response.headers.has('X-Amz-Function-Error')).toBe(false);
  });

  it('is answered with null by a function that returns nothing', async () => {
    const { lambda } = await serveFunctions({ Work: does('') });

    expect(await (await invoke(lambda, 'Work')).text()).toBe('null');
  });

  it('runs under the request id of its answer', async () => {
    const { lambda } = await serveFunctions({
      Work: 'export const handler = async (_event, context) => context.awsRequestId;',
    });
    const response = await invoke(lambda, 'Work');

    expect(await response.json()).toBe(response.headers.get('x-amzn-RequestId'));
  });

  it('of a function that fails is answered 200, with the error', async () => {
    const { lambda } = await serveFunctions({ Work: throws });
    const response = await invoke(lambda, 'Work');

    expect([response.status, response.headers.get('X-Amz-Function-Error')]).toEqual([200, 'Unhandled']);
    expect(await response.json()).toEqual({
      errorType: 'Error',
      errorMessage: 'the reason',
      trace: expect.arrayContaining(['Error: the reason']),
    });
  });

  it('whose environment dies is answered with the error, and is not tried again', async () => {
    const ran: string[] = [];
    const { lambda } = await serveFunctions(
      { Work: does('process.exit(1);') },
      {},
      { onInvoked: (name) => ran.push(name) },
    );
    const response = await invoke(lambda, 'Work');

    expect(response.headers.get('X-Amz-Function-Error')).toBe('Unhandled');
    expect(await response.json()).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${response.headers.get('x-amzn-RequestId')} Error: The environment exited.`,
    });
    expect(ran).toEqual(['Work']);
  });
});

describe('the client of the AWS SDK', () => {
  it('invokes, and reads result and error', async () => {
    const { lambda } = await serveFunctions({ Work: echoes, Fail: throws });
    const sdk = sdkClient(lambda);
    const done = await sdk.send(new InvokeCommand({ FunctionName: ARN, Payload: '{"n":1}' }));
    const failed = await sdk.send(new InvokeCommand({ FunctionName: 'Fail' }));

    expect(done).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect([done.FunctionError, done.Payload?.transformToString()]).toEqual([undefined, '{"n":1}']);
    expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(failed.Payload?.transformToString()).toContain('the reason');
  });

  it.each([
    ['Event', 202],
    ['DryRun', 204],
  ] as const)('gets the status of the type %s', async (InvocationType, StatusCode) => {
    const { lambda } = await serveFunctions({ Work: echoes });
    const command = new InvokeCommand({ FunctionName: 'Work', InvocationType });

    expect(await sdkClient(lambda).send(command)).toMatchObject({ StatusCode });
  });

  it.each([
    ['ResourceNotFoundException', { FunctionName: 'Nobody' }],
    ['InvalidRequestContentException', { FunctionName: 'Work', Payload: '{' }],
    [
      'RequestEntityTooLargeException',
      { FunctionName: 'Work', InvocationType: 'Event', Payload: jsonOf(ASYNCHRONOUS_BYTES + 1) },
    ],
  ] as const)('throws its %s', async (name, input) => {
    const { lambda } = await serveFunctions({ Work: echoes });

    await expect(sdkClient(lambda).send(new InvokeCommand(input))).rejects.toMatchObject({ name });
  });
});
