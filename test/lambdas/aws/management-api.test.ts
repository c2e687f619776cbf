import * as sdk from '@aws-sdk/client-apigatewaymanagementapi';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { managementApi, outboundOf, signatoryOf } from '../../../lambdas/aws/management-api.ts';

const mock = mockClient(sdk.ApiGatewayManagementApiClient);
const client = new sdk.ApiGatewayManagementApiClient({
  endpoint: 'https://api.example/prod',
  region: 'us-east-1',
});
const frame = new TextEncoder().encode('{}');
const gone = new sdk.GoneException({ message: 'gone', $metadata: { httpStatusCode: 410 } });
const forbidden = new sdk.ForbiddenException({ message: 'forbidden', $metadata: { httpStatusCode: 403 } });
const limited = new sdk.LimitExceededException({ message: 'slow', $metadata: { httpStatusCode: 429 } });

beforeEach(() => {
  mock.reset();
});

describe('the management API by the SDK', () => {
  const api = outboundOf(client, sdk);

  it('counts a post as sent when the SDK throws nothing', async () => {
    mock.on(sdk.PostToConnectionCommand, { ConnectionId: 'id=', Data: frame }).resolves({});

    expect(await api.post('id=', frame)).toBe('sent');
  });

  it.each([
    ['gone', gone],
    ['throttled', limited],
    ['failed', new Error('ECONNRESET')],
  ] as const)('counts a post as %s when the SDK throws %s', async (outcome, exception) => {
    mock.on(sdk.PostToConnectionCommand).rejects(exception);

    expect(await api.post('id=', frame)).toBe(outcome);
  });

  it('counts a post as refused when the SDK says so, and keeps the reason', async () => {
    mock.on(sdk.PostToConnectionCommand).rejects(forbidden);

    expect(await api.post('id=', frame)).toEqual({
      refused: 'every post',
      reason: 'ForbiddenException: forbidden',
    });
  });

  it('disconnects, and accepts that a connection is gone already', async () => {
    mock.on(sdk.DeleteConnectionCommand, { ConnectionId: 'here=' }).resolves({});
    mock.on(sdk.DeleteConnectionCommand, { ConnectionId: 'gone=' }).rejects(gone);

    expect(await api.disconnect('here=')).toBe('closed');
    expect(await api.disconnect('gone=')).toBe('gone');
  });

  it('throws when a disconnect fails', async () => {
    mock.on(sdk.DeleteConnectionCommand).rejects(forbidden);

    await expect(api.disconnect('id=')).rejects.toBe(forbidden);
  });

  it('throws an error without the part in which the gateway repeats the request and its credentials (MG-5)', async () => {
    mock.on(sdk.DeleteConnectionCommand).rejects(
      new sdk.ForbiddenException({
        message: 'The request signature we calculated does not match.\n\nx-amz-security-token:secret',
        $metadata: { httpStatusCode: 403 },
      }),
    );

    await expect(api.disconnect('id=')).rejects.toMatchObject({
      name: 'ForbiddenException',
      message: 'The request signature we calculated does not match.',
    });
  });
});

describe('the management API of a stage', () => {
  it('disconnects by the SDK', async () => {
    mock.on(sdk.DeleteConnectionCommand, { ConnectionId: 'id=' }).resolves({});
    const api = managementApi({ endpoint: 'https://api.example/prod', signatory: signatoryOf(client) });

    await api.disconnect('id=');

    expect(mock.commandCalls(sdk.DeleteConnectionCommand)).toHaveLength(1);
  });

  it('signs with the region and the credentials of another client', async () => {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
    const other = new sdk.ApiGatewayManagementApiClient({ region: 'eu-west-1', credentials });

    expect(await signatoryOf(other)()).toMatchObject({ region: 'eu-west-1', credentials });
  });
});
