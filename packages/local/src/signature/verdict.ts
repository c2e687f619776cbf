/**
 * Verifies that a request is signed with the local secret (MG-1, MG-5). Every door that checks signatures uses this verifier. The SDK's own
 * signer would take longer than all the rest of a post.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { canonicalRequest, type ReceivedRequest } from './canonical-request.ts';
import {
  BODY_HASH,
  invalid,
  MISSING,
  type SignatureRefusal,
  type Signer,
  type SigningName,
  signerOf,
  wrongScope,
} from './signer.ts';

export type SignatureVerdict = 'signed' | SignatureRefusal;

const ALGORITHM = 'AWS4-HMAC-SHA256';

const SIGNATURE_DIGITS = 64;
const SIGNATURE = /^[0-9a-f]{64}$/;

const EXPIRED = invalid(
  'Signature expired: the clocks of client and gateway differ by more than five minutes.',
);

const NOT_SENT = invalid('A header that is listed in SignedHeaders was not sent.');

const OTHER_BODY = invalid(`The signed header ${BODY_HASH} is not the hash of the body.`);

/** The largest difference between the clocks of client and gateway. */
const TOLERANCE_MS = 5 * 60 * 1000;

const TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** The parts that all requests of one signer share within one second. */
interface Moment {
  readonly service: SigningName;
  /** The beginning of the header, which names the signer. */
  readonly beginning: string;
  readonly time: string;
  readonly signer: Signer;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The string to sign, up to the hash of the canonical request. */
  readonly toSign: string;
}

/** The last one is kept, because a broadcast makes hundreds of posts in the same second. */
let lastMoment: Moment | undefined;

/**
 * Signatures in the query of a URL are not supported.
 *
 * @param body The received body.
 * @param now Milliseconds since 1970.
 */
export function verdictOn(
  request: ReceivedRequest,
  body: Buffer,
  service: SigningName,
  now = Date.now(),
): SignatureVerdict {
  const authorization = request.header('authorization') ?? '';
  const time = request.header('x-amz-date');
  const signature = authorization.slice(-SIGNATURE_DIGITS);
  if (!SIGNATURE.test(signature) || time === undefined) return MISSING;
  const moment = momentOf(authorization.slice(0, -SIGNATURE_DIGITS), time, service);
  if ('type' in moment) return moment;
  const { signer, at } = moment;
  // The negation also refuses an invalid time, which is `NaN`.
  if (!(Math.abs(now - at) <= TOLERANCE_MS)) return EXPIRED;
  const bodyHash = hash('sha256', body, 'hex');
  if (signer.signsBodyHash && request.header(BODY_HASH) !== bodyHash) return OTHER_BODY;
  const canonical = canonicalRequest(request, signer.names, bodyHash);
  if (canonical === undefined) return NOT_SENT;
  const toSign = moment.toSign + hash('sha256', canonical, 'hex');
  const expected = createHmac('sha256', signer.key).update(toSign).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? 'signed' : mismatch(canonical, toSign);
}

function momentOf(beginning: string, time: string, service: SigningName): Moment | SignatureRefusal {
  const last = lastMoment;
  if (last?.beginning === beginning && last.time === time && last.service === service) return last;
  const signer = signerOf(beginning, service);
  if ('type' in signer) return signer;
  if (!time.startsWith(signer.date)) return wrongScope(service);
  const at = TIME.test(time) ? Date.parse(time.replace(TIME, '$1-$2-$3T$4:$5:$6Z')) : Number.NaN;
  const toSign = `${ALGORITHM}\n${time}\n${signer.scope}\n`;
  lastMoment = { service, beginning, time, signer, at, toSign };
  return lastMoment;
}

/** AWS also names the canonical request in this error (MG-5). */
function mismatch(canonical: string, toSign: string): SignatureRefusal {
  return invalid(
    `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`,
  );
}
