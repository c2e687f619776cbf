/**
 * Whether a request to the management API is signed with the secret that functions have here (MG-1, MG-5). The SDK's own
 * signer would do, and cost a broadcast more than all else about a post.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLocalKey } from '../permissions/caller.ts';
import { LOCAL_CREDENTIALS, REGION } from '../template/account.ts';

export type Verdict = 'signed' | Refusal;

export interface Refusal {
  readonly type: string;
  readonly message: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'execute-api';

/** Up to the signature, which is what differs from request to request. */
const SIGNER =
  /^AWS4-HMAC-SHA256 +Credential=(?<accessKeyId>[^/,\s]+)\/(?<scope>(?<date>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request),? *SignedHeaders=(?<names>[^,\s]+),? *Signature=$/;
const SIGNATURE_DIGITS = 64;
const SIGNATURE = /^[0-9a-f]{64}$/;

const MISSING: Refusal = {
  type: 'MissingAuthenticationTokenException',
  message: 'Missing Authentication Token',
};

const UNKNOWN_KEY: Refusal = {
  type: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};

const SCOPE: Refusal = {
  type: 'InvalidSignatureException',
  message: `Credential should be scoped to the region ${REGION} and the service ${SERVICE}.`,
};

const EXPIRED: Refusal = {
  type: 'InvalidSignatureException',
  message: 'Signature expired: the clocks of client and gateway differ by more than five minutes.',
};

/** How far the clock of a client may be off. */
const TOLERANCE_MS = 5 * 60 * 1000;

const TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Who signs, for what and what of a request: the same for all posts of a function in a day. */
interface Signer {
  readonly date: string;
  readonly scope: string;
  readonly names: readonly string[];
  readonly key: Buffer;
}

/** By what the header begins with; more than a few are no functions of a template, and begin anew. */
const signers = new Map<string, Signer | Refusal>();
const MOST_SIGNERS = 1_000;

/** What all requests of one signer and one second share. */
interface Moment {
  /** How the header begins that names the signer. */
  readonly beginning: string;
  readonly time: string;
  readonly signer: Signer;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What is signed, up to the hash of the canonical request. */
  readonly toSign: string;
}

/** The last one: a broadcast is hundreds of posts in the same second. */
let lastMoment: Moment | undefined;

/** @param body what was received of it. */
export function verdictOn(request: IncomingMessage, body: Buffer): Verdict {
  const { authorization = '', 'x-amz-date': time } = request.headers;
  const signature = authorization.slice(-SIGNATURE_DIGITS);
  if (!SIGNATURE.test(signature) || typeof time !== 'string') return MISSING;
  const moment = momentOf(authorization.slice(0, -SIGNATURE_DIGITS), time);
  if ('type' in moment) return moment;
  // What is no time is not within it either.
  if (!(Math.abs(Date.now() - moment.at) <= TOLERANCE_MS)) return EXPIRED;
  const canonical = canonicalRequest(request, moment.signer.names, hash('sha256', body, 'hex'));
  const toSign = moment.toSign + hash('sha256', canonical, 'hex');
  const expected = createHmac('sha256', moment.signer.key).update(toSign).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? 'signed' : mismatch(canonical, toSign);
}

function momentOf(beginning: string, time: string): Moment | Refusal {
  if (lastMoment?.beginning === beginning && lastMoment.time === time) return lastMoment;
  const signer = signerOf(beginning);
  if ('type' in signer) return signer;
  if (!time.startsWith(signer.date)) return SCOPE;
  const at = Date.parse(time.replace(TIME, '$1-$2-$3T$4:$5:$6Z'));
  lastMoment = { beginning, time, signer, at, toSign: `${ALGORITHM}\n${time}\n${signer.scope}\n` };
  return lastMoment;
}

function signerOf(beginning: string): Signer | Refusal {
  const known = signers.get(beginning);
  if (known) return known;
  const signer = newSigner(beginning);
  if (signers.size >= MOST_SIGNERS) signers.clear();
  signers.set(beginning, signer);
  return signer;
}

function newSigner(beginning: string): Signer | Refusal {
  const parts = SIGNER.exec(beginning)?.groups;
  if (!parts) return MISSING;
  const { accessKeyId = '', scope = '', date = '', region, service, names = '' } = parts;
  if (!isLocalKey(accessKeyId)) return UNKNOWN_KEY;
  if (region !== REGION || service !== SERVICE) return SCOPE;
  return { date, scope, names: names.split(';'), key: signingKey(date) };
}

function canonicalRequest(
  { method, url = '/', headers }: IncomingMessage,
  names: readonly string[],
  bodyHash: string,
): string {
  const [path = '', query = ''] = url.split('?');
  let canonical = `${method}\n${encodedAgain(path)}\n${query.split('&').sort().join('&')}\n`;
  for (const name of names) canonical += `${name}:${withoutSpaces(String(headers[name] ?? ''))}\n`;
  return `${canonical}\n${names.join(';')}\n${bodyHash}`;
}

/** At both ends, and all but one in between. */
function withoutSpaces(value: string): string {
  return value.includes(' ') ? value.trim().replaceAll(/ +/g, ' ') : value.trim();
}

/** Of what is in most paths, only the percent sign is encoded. */
const PLAIN_PATH = /^[\w.~/%-]*$/;

/** Every service but S3 signs the path encoded once more than it is sent (MG-5). */
function encodedAgain(path: string): string {
  return PLAIN_PATH.test(path) ? path.replaceAll('%', '%25') : path.split('/').map(encoded).join('/');
}

/** Signatures encode five characters more than JavaScript does. */
function encoded(segment: string): string {
  return encodeURIComponent(segment).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function signingKey(date: string): Buffer {
  return [date, REGION, SERVICE, 'aws4_request'].reduce<Buffer>(
    (from, step) => createHmac('sha256', from).update(step).digest(),
    Buffer.from(`AWS4${LOCAL_CREDENTIALS.secretAccessKey}`),
  );
}

/** AWS, too, spells out what should have been signed (MG-5). */
function mismatch(canonical: string, toSign: string): Refusal {
  return {
    type: 'InvalidSignatureException',
    message: `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`,
  };
}
