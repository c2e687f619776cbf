/** Reads the header `Authorization` up to the signature: the access key, the scope and the signed headers. */

import { createHmac } from 'node:crypto';
import { isLocalKey } from '../permissions/caller.ts';
import { LOCAL_CREDENTIALS, REGION } from '../template/account.ts';

/** The names of services in signatures. */
export type SigningName = 'execute-api' | 'lambda';

export interface SignatureRefusal {
  readonly type: string;
  readonly message: string;
}

/** All posts of a function on one day have the same signer. */
export interface Signer {
  /** Eight digits. */
  readonly date: string;
  readonly scope: string;
  /** The signed headers, in lower case and in alphabetical order. */
  readonly names: readonly string[];
  readonly signsBodyHash: boolean;
  readonly key: Buffer;
}

const BEGINNING =
  /^AWS4-HMAC-SHA256 +Credential=(?<accessKeyId>[^/,\s]+)\/(?<scope>(?<date>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request),? *SignedHeaders=(?<names>[^,\s]+),? *Signature=$/;

export const MISSING: SignatureRefusal = {
  type: 'MissingAuthenticationTokenException',
  message: 'Missing Authentication Token',
};

const UNKNOWN_KEY: SignatureRefusal = {
  type: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};

const UNSORTED: SignatureRefusal = {
  type: 'InvalidSignatureException',
  message: 'SignedHeaders should be names in lower case and in alphabetical order, each of them once.',
};

/** Without the host, a signature for one API would be valid for another. Without the time, it would be valid for ever. */
const ALWAYS_SIGNED = ['host', 'x-amz-date'];

/** If this header is signed, its value must be the hash of the body. */
export const BODY_HASH = 'x-amz-content-sha256';

export function wrongScope(service: SigningName): SignatureRefusal {
  return invalid(`Credential should be scoped to the region ${REGION} and the service ${service}.`);
}

export function invalid(message: string): SignatureRefusal {
  return { type: 'InvalidSignatureException', message };
}

/** By service and by the beginning of the header. A template has few functions, so that the map is cleared at 1,000 entries. */
const signers = {
  'execute-api': new Map<string, Signer | SignatureRefusal>(),
  lambda: new Map<string, Signer | SignatureRefusal>(),
} satisfies Readonly<Record<SigningName, unknown>>;
const MOST_SIGNERS = 1_000;

/** @param beginning The header up to the signature. Only the signature differs from request to request. */
export function signerOf(beginning: string, service: SigningName): Signer | SignatureRefusal {
  const known = signers[service].get(beginning);
  if (known) return known;
  const signer = newSigner(beginning, service);
  if (signers[service].size >= MOST_SIGNERS) signers[service].clear();
  signers[service].set(beginning, signer);
  return signer;
}

function newSigner(beginning: string, expected: SigningName): Signer | SignatureRefusal {
  const parts = BEGINNING.exec(beginning)?.groups;
  if (!parts) return MISSING;
  const { accessKeyId = '', scope = '', date = '', region, service, names: list = '' } = parts;
  if (!isLocalKey(accessKeyId)) return UNKNOWN_KEY;
  if (region !== REGION || service !== expected) return wrongScope(expected);
  const names = list.split(';');
  if ([...new Set(names)].sort().join(';') !== list || list !== list.toLowerCase()) return UNSORTED;
  const unsigned = ALWAYS_SIGNED.find((name) => !names.includes(name));
  if (unsigned !== undefined)
    return invalid(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization header.`);
  return { date, scope, names, signsBodyHash: names.includes(BODY_HASH), key: signingKey(date, expected) };
}

function signingKey(date: string, service: SigningName): Buffer {
  return [date, REGION, service, 'aws4_request'].reduce<Buffer>(
    (from, step) => createHmac('sha256', from).update(step).digest(),
    Buffer.from(`AWS4${LOCAL_CREDENTIALS.secretAccessKey}`),
  );
}
