/**
 * Whether a request is signed with the credentials that functions have here: it is signed once more by the SDK's own
 * signer, and the two have to be the same.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { hash, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { decodeSegment } from '../path-segment.ts';
import { isLocalKey } from '../permissions/caller.ts';
import { LOCAL_CREDENTIALS, REGION } from '../template/account.ts';
import type { RequestFacts } from './request-facts.ts';
import { Sha256 } from './sha256.ts';

/** Services by the names under which requests to them are signed. */
export type SigningName = 'execute-api' | 'lambda';

/** How far the clock of a client may be off. */
const TOLERANCE_MS = 5 * 60 * 1000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=(?<key>[^/,\s]+)[^,\s]+,? *SignedHeaders=(?<names>[^,\s]+),? *Signature=[0-9a-f]{64}$/;
const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Without it the signature of one API would be good for another. */
const ALWAYS_SIGNED = 'host';

/** Signatures in the query of a URL are not known here. */
export async function isSigned(facts: RequestFacts, body: Buffer, service: SigningName): Promise<boolean> {
  const { authorization = '', ...headers } = facts.headers;
  const { key = '', names: list } = AUTHORIZATION.exec(authorization)?.groups ?? {};
  const names = list?.split(';') ?? [];
  const signingDate = dateOf(headers['x-amz-date'] ?? '');
  if (!isLocalKey(key)) return false;
  if (!signingDate || Math.abs(facts.receivedAt - signingDate.getTime()) > TOLERANCE_MS) return false;
  const bodyHash = hash('sha256', body, 'hex');
  if ((headers['x-amz-content-sha256'] ?? bodyHash) !== bodyHash) return false;
  if (!names.includes(ALWAYS_SIGNED) || !names.every((name) => Object.hasOwn(facts.headers, name)))
    return false;
  const signed = await signerOf(service, key).sign(
    {
      method: facts.method,
      protocol: 'http:',
      hostname: facts.host,
      path: facts.path,
      query: queryOf(facts.rawQueryString),
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name))),
      body,
    },
    { signingDate, signableHeaders: new Set(names) },
  );
  return areEqual(partsOf(authorization), partsOf(signed.headers['authorization'] ?? ''));
}

function signerOf(service: SigningName, accessKeyId: string): SignatureV4 {
  return new SignatureV4({
    service,
    region: REGION,
    credentials: { ...LOCAL_CREDENTIALS, accessKeyId },
    sha256: Sha256,
    applyChecksum: false,
  });
}

/** ISO 8601, basic. */
function dateOf(text: string): Date | undefined {
  const date = new Date(text.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  return DATE.test(text) && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** The signer sorts and encodes it again; a plus sign is no space here. */
function queryOf(rawQueryString: string): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of rawQueryString.split('&').filter((text) => text !== '')) {
    const [name = '', ...value] = pair.split('=').map(decodeSegment);
    values.set(name, [...(values.get(name) ?? []), value.join('=')]);
  }
  return Object.fromEntries(values);
}

/** Clients put one space, or none, between them. */
function partsOf(authorization: string): Buffer {
  return Buffer.from(authorization.replaceAll(/[\s,]+/g, ' '));
}

function areEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
