import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestSigner, sha256 } from '../../../lambdas/aws/request-signer.ts';
import { Sha256 } from '../../local/sha256.ts';

const connectionId = fc
  .stringMatching(/^[A-Za-z0-9_-]{10,20}={0,2}$/)
  .map((id) => `/prod/%40connections/${encodeURIComponent(id)}`);

const credentials = fc.record(
  {
    accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
    secretAccessKey: fc.string({ minLength: 1 }),
    sessionToken: fc.base64String({ minLength: 4 }),
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);

describe('the request signer', () => {
  it('signs byte for byte as the official signer does', async () => {
    const sign = requestSigner('execute-api');
    const request = fc.record({
      path: connectionId,
      body: fc.uint8Array(),
      contentType: fc.option(fc.constantFrom('application/octet-stream', 'text/plain'), { nil: undefined }),
      credentials,
      region: fc.constantFrom('us-east-1', 'eu-central-1'),
      date: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
    });

    await fc.assert(
      fc.asyncProperty(request, async ({ path, body, contentType, credentials: keys, region, date }) => {
        const host = 'abcd1234.execute-api.us-east-1.amazonaws.com';
        const official = new SignatureV4({
          service: 'execute-api',
          region,
          credentials: keys,
          sha256: Sha256,
        });
        const typed = contentType !== undefined && { 'content-type': contentType };
        const { headers } = await official.sign(
          { method: 'POST', protocol: 'https:', hostname: host, path, headers: { host, ...typed }, body },
          { signingDate: date },
        );

        const signed = sign(
          {
            method: 'POST',
            host,
            path,
            bodyHash: sha256(body),
            ...(contentType !== undefined && { contentType }),
          },
          { credentials: keys, region },
          date.getTime(),
        );

        expect(signed).toEqual(headers);
      }),
    );
  });

  it('does not sign with the key of another day, region or credential', () => {
    const sign = requestSigner('execute-api');
    const request = { method: 'POST', host: 'h', path: '/p', bodyHash: sha256('') };
    const ann = { region: 'us-east-1', credentials: { accessKeyId: 'A', secretAccessKey: 'ann' } };
    const day = Date.UTC(2026, 10, 22, 12);
    const signatures = [
      sign(request, ann, day),
      sign(request, ann, day + 24 * 60 * 60 * 1000),
      sign(request, { ...ann, region: 'eu-west-1' }, day),
      sign(request, { ...ann, credentials: { accessKeyId: 'A', secretAccessKey: 'bob' } }, day),
    ].map(({ authorization }) => authorization);

    expect(new Set(signatures).size).toBe(4);
    expect(sign(request, ann, day + 1_000)['x-amz-date']).toBe('20261122T120001Z');
    expect(sign(request, ann, day)['authorization']).toBe(signatures[0]);
  });
});
