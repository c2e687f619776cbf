/**
 * Signature Version 4 for many similar requests. The part that depends on credentials and time is prepared once a second, and the
 * part that depends on the body once per body. A request then costs three short hashes.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { createHmac, hash } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The credentials that sign, and the region. */
export interface Signatory {
  readonly credentials: Credentials;
  readonly region: string;
}

interface RequestToSign {
  readonly method: string;
  readonly host: string;
  /** As it goes over the wire, percent-encoded, without a query string. */
  readonly path: string;
  /** A session token is sent and signed. */
  readonly contentType?: string;
  /** Hex SHA-256 of the body. */
  readonly bodyHash: string;
}

/** All headers to send; `now` in milliseconds since 1970. */
export type RequestSigner = (request: RequestToSign, by: Signatory, now: number) => Record<string, string>;

/** The parts that all requests of one second and one signatory share. */
interface Moment {
  readonly second: number;
  readonly by: Signatory;
  /** ISO 8601, basic. */
  readonly time: string;
  /** Everything of the authorization header up to the names of the signed headers. */
  readonly authorization: string;
  /** Hex signature of a canonical request's hash. */
  readonly signatureOf: (requestHash: string) => string;
}

/** The parts that requests of the same second with the same body share. */
interface Template {
  readonly moment: Moment;
  readonly host: string;
  readonly contentType: string | undefined;
  readonly bodyHash: string;
  readonly signedNames: string;
  /** The canonical request after its path. */
  readonly canonicalRest: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Signs requests to one service. */
export function requestSigner(service: string): RequestSigner {
  let moment: Moment | undefined;
  let template: Template | undefined;

  function momentOf(by: Signatory, now: number): Moment {
    const isSame = moment?.second === Math.floor(now / 1000) && moment.by === by;
    if (!moment || !isSame) moment = momentFrom(service, by, now);
    return moment;
  }

  function templateOf(request: RequestToSign, of: Moment): Template {
    const isSame = template?.moment === of && isFor(template, request);
    if (!template || !isSame) template = templateFrom(request, of);
    return template;
  }

  return function sign(request, by, now) {
    const of = momentOf(by, now);
    const { signedNames, canonicalRest } = templateOf(request, of);
    const { method, host, path, contentType, bodyHash } = request;
    const { sessionToken } = by.credentials;
    const signature = of.signatureOf(sha256(`${method}\n${encodeAgain(path)}${canonicalRest}`));
    // Written one by one, because to spread one object into another costs as much as a hash.
    const headers: Record<string, string> = {
      host,
      'x-amz-content-sha256': bodyHash,
      'x-amz-date': of.time,
      authorization: `${of.authorization}${signedNames}, Signature=${signature}`,
    };
    if (contentType !== undefined) headers['content-type'] = contentType;
    if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
    return headers;
  };
}

function momentFrom(service: string, by: Signatory, now: number): Moment {
  const { credentials, region } = by;
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const steps = [time.slice(0, 8), region, service, 'aws4_request'];
  const scope = steps.join('/');
  const key = steps.reduce<Buffer>(
    (from, step) => createHmac('sha256', from).update(step).digest(),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  return {
    second: Math.floor(now / 1000),
    by,
    time,
    authorization: `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=`,
    signatureOf: hmacOf(key, `${ALGORITHM}\n${time}\n${scope}\n`),
  };
}

function templateFrom({ host, contentType, bodyHash }: RequestToSign, moment: Moment): Template {
  // In alphabetical order, as the canonical request requires.
  const fields = [
    ['content-type', contentType],
    ['host', host],
    ['x-amz-content-sha256', bodyHash],
    ['x-amz-date', moment.time],
    ['x-amz-security-token', moment.by.credentials.sessionToken],
  ].filter(([, value]) => value !== undefined);
  const signedNames = fields.map(([name]) => name).join(';');
  const lines = fields.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonicalRest = `\n\n${lines}\n${signedNames}\n${bodyHash}`;
  return { moment, host, contentType, bodyHash, signedNames, canonicalRest };
}

function isFor(template: Template, request: RequestToSign): boolean {
  return (
    template.bodyHash === request.bodyHash &&
    template.host === request.host &&
    template.contentType === request.contentType
  );
}

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/**
 * HMAC-SHA256 (RFC 2104) of texts that are a hash in hex after a beginning they all have. Node's own makes a stream for each;
 * this is two plain hashes over memory that is written in place.
 *
 * @param key of at most one block.
 */
function hmacOf(key: Buffer, beginning: string): (hex: string) => string {
  const inner = Buffer.concat([padded(key, 0x36), Buffer.from(beginning), Buffer.alloc(2 * HASH_BYTES)]);
  const outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(HASH_BYTES)]);
  const varies = inner.length - 2 * HASH_BYTES;
  return (hex) => {
    inner.write(hex, varies, 'binary');
    // A string, because a buffer for each costs more than copying.
    outer.write(hash('sha256', inner, 'binary'), BLOCK_BYTES, 'binary');
    return hash('sha256', outer, 'hex');
  };
}

function padded(key: Buffer, pad: number): Buffer {
  return Buffer.from(Array.from({ length: BLOCK_BYTES }, (_, index) => (key[index] ?? 0) ^ pad));
}

/** Hex SHA-256. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** Every service but S3 signs the path encoded once more than it is sent (MG-5). */
function encodeAgain(path: string): string {
  return path.replaceAll('%', '%25');
}
