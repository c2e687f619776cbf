/**
 * Signature Version 4 for many requests that differ little: the signing key is derived once a day, not once a call.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Who signs, and for which region. */
export interface Signatory {
  readonly credentials: Credentials;
  readonly region: string;
}

export interface RequestToSign {
  readonly method: string;
  readonly host: string;
  /** As it goes over the wire, percent-encoded, without a query string. */
  readonly path: string;
  /** Hex SHA-256 of the body. */
  readonly bodyHash: string;
}

export type RequestSigner = (request: RequestToSign, by: Signatory, now: Date) => Record<string, string>;

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Signs requests to one service; answers all headers to send. */
export function requestSigner(service: string): RequestSigner {
  let cached: { readonly of: string; readonly key: Buffer } = { of: '', key: Buffer.alloc(0) };

  function signingKey({ region, credentials }: Signatory, day: string): Buffer {
    const of = [day, region, credentials.secretAccessKey].join('/');
    if (cached.of === of) return cached.key;
    const steps = [day, region, service, 'aws4_request'];
    cached = { of, key: steps.reduce<Buffer>(hmac, Buffer.from(`AWS4${credentials.secretAccessKey}`)) };
    return cached.key;
  }

  return function sign({ method, host, path, bodyHash }, by, now) {
    const { accessKeyId, sessionToken } = by.credentials;
    const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${by.region}/${service}/aws4_request`;
    // In alphabetical order, as the canonical request wants them.
    const headers = {
      host,
      'x-amz-content-sha256': bodyHash,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const canonical = [method, encodeAgain(path), '', lines.join(''), names, bodyHash].join('\n');
    const toSign = [ALGORITHM, time, scope, sha256(canonical)].join('\n');
    const signature = hmac(signingKey(by, day), toSign).toString('hex');
    const credential = `Credential=${accessKeyId}/${scope}`;
    const authorization = `${ALGORITHM} ${credential}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...headers, authorization };
  };
}

/** Hex SHA-256. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Every service but S3 signs the path encoded once more than it is sent (MG-5). */
function encodeAgain(path: string): string {
  return path.replaceAll('%', '%25');
}
