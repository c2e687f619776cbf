/**
 * Signature Version 4 for many requests that differ little: the signing key is derived once a day, what depends on the time
 * is written once a second, and a request costs one hash and one HMAC.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

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

/** All headers to send; `now` in milliseconds since 1970. */
export type RequestSigner = (request: RequestToSign, by: Signatory, now: number) => Record<string, string>;

/** What all requests of one second and one signatory share. */
interface Moment {
  readonly second: number;
  readonly by: Signatory;
  /** ISO 8601, basic. */
  readonly time: string;
  readonly scope: string;
  readonly key: KeyObject;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Signs requests to one service. */
export function requestSigner(service: string): RequestSigner {
  let signingKey: { readonly of: string; readonly key: KeyObject } | undefined;
  let moment: Moment | undefined;

  function keyFor({ region, credentials }: Signatory, day: string): KeyObject {
    const of = [day, region, credentials.secretAccessKey].join('/');
    if (signingKey?.of === of) return signingKey.key;
    const steps = [day, region, service, 'aws4_request'];
    const secret = Buffer.from(`AWS4${credentials.secretAccessKey}`);
    const bytes = steps.reduce<Buffer>(
      (key, step) => createHmac('sha256', key).update(step).digest(),
      secret,
    );
    signingKey = { of, key: createSecretKey(bytes) };
    return signingKey.key;
  }

  function momentOf(by: Signatory, now: number): Moment {
    const second = Math.floor(now / 1000);
    if (moment?.second === second && moment.by === by) return moment;
    const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${by.region}/${service}/aws4_request`;
    moment = { second, by, time, scope, key: keyFor(by, day) };
    return moment;
  }

  return function sign({ method, host, path, bodyHash }, by, now) {
    const { time, scope, key } = momentOf(by, now);
    const { accessKeyId, sessionToken } = by.credentials;
    // Names in alphabetical order, as the canonical request wants them.
    const isTemporary = sessionToken !== undefined;
    const names = `host;x-amz-content-sha256;x-amz-date${isTemporary ? ';x-amz-security-token' : ''}`;
    const tokenLine = isTemporary ? `x-amz-security-token:${sessionToken}\n` : '';
    const canonical = `${method}\n${encodeAgain(path)}\n\nhost:${host}\nx-amz-content-sha256:${bodyHash}\nx-amz-date:${time}\n${tokenLine}\n${names}\n${bodyHash}`;
    const toSign = `${ALGORITHM}\n${time}\n${scope}\n${sha256(canonical)}`;
    const signature = createHmac('sha256', key).update(toSign).digest('hex');
    const authorization = `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    const headers = { host, 'x-amz-content-sha256': bodyHash, 'x-amz-date': time, authorization };
    return isTemporary ? { ...headers, 'x-amz-security-token': sessionToken } : headers;
  };
}

/** Hex SHA-256. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** Every service but S3 signs the path encoded once more than it is sent (MG-5). */
function encodeAgain(path: string): string {
  return path.replaceAll('%', '%25');
}
