import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Client } from '../client.ts';
import { serveRoutes } from '../serve-routes.ts';
import { type Signing, signed } from '../signed-fetch.ts';

const EXECUTE_API: Signing = { service: 'execute-api' };
const MINUTE_MS = 60_000;

const NO_CONNECTION = 'AAAAAAAAAAAAAAA=';

async function resourceOfNoConnection(): Promise<string> {
  const { http } = await serveRoutes({});
  return `${http}/@connections/${NO_CONNECTION}`;
}

async function refusal(response: Response) {
  const { message } = v.parse(v.object({ message: v.string() }), await response.json());
  return { status: response.status, type: response.headers.get('x-amzn-ErrorType'), message };
}

describe('a request to the management API', () => {
  it('that is signed by a function, a developer or a test is served (MG-1)', async () => {
    const resource = await resourceOfNoConnection();

    for (const accessKeyId of ['local', 'local-Route0Function']) {
      const request = await signed(resource, { method: 'POST', body: 'x' }, { ...EXECUTE_API, accessKeyId });
      expect(await fetch(resource, request)).toMatchObject({ status: 410 });
    }
  });

  it.each(['POST', 'GET', 'DELETE'])('that is not signed is refused with 403: %s (MG-5)', async (method) => {
    expect(await refusal(await fetch(await resourceOfNoConnection(), { method }))).toEqual({
      status: 403,
      type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
  });

  it('that is signed with another secret gets the text that it should have signed (MG-5)', async () => {
    const resource = await resourceOfNoConnection();
    const request = await signed(resource, {}, { ...EXECUTE_API, secretAccessKey: 'guessed' });

    const { status, type, message } = await refusal(await fetch(resource, request));

    expect([status, type]).toEqual([403, 'InvalidSignatureException']);
    expect(message).toMatch(
      /^The request signature we calculated does not match the signature you provided\./,
    );
    expect(message).toContain("have been\n'GET\n/test/%40connections/AAAAAAAAAAAAAAA%3D\n");
  });

  it.each<[what: string, signing: Signing, type: string]>([
    ['for another service', { service: 'lambda' }, 'InvalidSignatureException'],
    ['for another region', { ...EXECUTE_API, region: 'eu-west-1' }, 'InvalidSignatureException'],
    ['by an unknown key', { ...EXECUTE_API, accessKeyId: 'AKIAEXAMPLE' }, 'UnrecognizedClientException'],
    [
      'too long ago',
      { ...EXECUTE_API, at: new Date(Date.now() - 6 * MINUTE_MS) },
      'InvalidSignatureException',
    ],
  ])('that is signed %s is refused with 403 (MG-5)', async (_what, signing, type) => {
    const resource = await resourceOfNoConnection();

    expect(await refusal(await fetch(resource, await signed(resource, {}, signing)))).toMatchObject({
      status: 403,
      type,
    });
  });

  it.each<[part: string, change: (request: RequestInit) => RequestInit]>([
    ['body', (request) => ({ ...request, body: 'y' })],
    ['method', (request) => ({ ...request, method: 'DELETE', body: null })],
  ])('whose %s is not the one that was signed is refused with 403 (MG-5)', async (_part, change) => {
    const resource = await resourceOfNoConnection();
    const request = await signed(resource, { method: 'POST', body: 'x' }, EXECUTE_API);

    expect(await fetch(resource, change(request))).toMatchObject({ status: 403 });
  });

  it('that is signed for one connection is refused for another (MG-5)', async () => {
    const { url, http } = await serveRoutes({});
    const client = await Client.open(url);
    const request = await signed(`${http}/@connections/${NO_CONNECTION}`, { method: 'DELETE' }, EXECUTE_API);

    expect(await fetch(`${http}/@connections/BBBBBBBBBBBBBBB=`, request)).toMatchObject({ status: 403 });
    await client.close();
  });
});
