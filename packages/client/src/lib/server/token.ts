/** Mints the tokens that a stage accepts: for users, and for servers. */

import { grants } from 'fanfare-protocol/grants';
import { info } from 'fanfare-protocol/info';
import { userId } from 'fanfare-protocol/user-id';
import * as v from 'valibot';
import { checked, NO_SUCH_FIELD } from './checked.ts';
import { base64Url, bytesOfText } from './encoding.ts';
import { failure, jsonText } from './failure.ts';
import { type PrivateKey, type Signature, signatureByKey, signatureBySecret } from './signing-key.ts';
import { stageName } from './stage-name.ts';

/**
 * The rights on channels. A pattern is a channel, `namespace:start*`, `@user:<id>`, or `*` for every channel. `subscribe` includes
 * `history` and `mark`. At most 4 KB of JSON.
 */
export type TokenChannels = Readonly<Record<string, readonly ('subscribe' | 'publish' | 'members')[]>>;

interface Lifetime {
  /** Whole seconds, at most 30 days. @default 3600 */
  readonly expiresInSeconds?: number;
}

/** What a token says about a user. */
export interface UserToken extends Lifetime {
  /** At most 158 characters. If the issuer has a `userPrefix`, the stage puts it in front. */
  readonly user: string;
  /** What the token allows at most. Without it, the policies of the namespaces decide alone. */
  readonly channels?: TokenChannels;
  /** What other members of a channel see of the user: any JSON of at most 1 KB. */
  readonly info?: unknown;
}

/** What a token says about a server. */
export interface ServerToken extends Lifetime {
  /** Retry keys and revocations go by this name: each program has one of its own. */
  readonly server: string;
  /** `everything` that the HTTP API can do, or only reading and publishing in some channels. */
  readonly rights: 'everything' | TokenChannels;
}

/** A program that may read the secret of a stage can sign tokens for each of its users and servers. */
export interface StageSecret {
  /** The name of the stage, such as `prod`. */
  readonly stage: string;
  /** The text in Secrets Manager under the output `TokenSecret`. */
  readonly secret: string;
}

/** An issuer of the stage settings, which signs with a private key and publishes the public one. */
export interface KeyIssuer {
  /** Exactly the `issuer` of the stage settings. */
  readonly issuer: string;
  /** The `audience` of the stage settings. */
  readonly audience: string;
  readonly key: PrivateKey;
}

const DEFAULT_SECONDS = 60 * 60;

/** The longest that our pages give a server. It also finds an hour that was written in milliseconds. Seconds. */
const MOST_SECONDS = 30 * 24 * 60 * 60;

const SECONDS_RULE = `it is a whole number of seconds from 1 to ${MOST_SECONDS}, which is 30 days`;

const expiresInSeconds = v.optional(
  v.pipe(
    v.number(SECONDS_RULE),
    v.integer(SECONDS_RULE),
    v.minValue(1, SECONDS_RULE),
    v.maxValue(MOST_SECONDS, SECONDS_RULE),
  ),
  DEFAULT_SECONDS,
);

/** The depth and the length of what will be in the token: a `Date`, for example, is a text there. */
const tokenInfo = v.pipe(
  v.unknown(),
  v.transform((value): unknown => (value === undefined ? undefined : JSON.parse(jsonText(value)))),
  info,
);

const userToken = v.strictObject(
  { user: userId, channels: v.optional(grants), info: v.optional(tokenInfo), expiresInSeconds },
  NO_SUCH_FIELD,
);

const serverToken = v.strictObject(
  {
    server: userId,
    rights: v.union(
      [v.literal('everything'), grants],
      'it is everything, or patterns with their permissions',
    ),
    expiresInSeconds,
  },
  NO_SUCH_FIELD,
);

/** The issuer of tokens that the secret of a stage signs. No issuer of the stage settings can have this name. */
const STAGE_ITSELF = 'fanfare';

const text = v.pipe(v.string('it is a text'), v.nonEmpty('it is empty'));

const keyIssuer = v.object({
  issuer: v.pipe(text, v.notValue(STAGE_ITSELF, `${STAGE_ITSELF} is the name of the stage's own issuer`)),
  audience: text,
});

/**
 * A token with which a user connects.
 *
 * @throws FanfareError `bad-request` that names what to change. It contains no secret.
 * @example
 * await signToken({ user: 'ann', channels: { 'chat:*': ['subscribe', 'publish'] } }, { stage: 'prod', secret });
 */
export async function signToken(token: UserToken, signer: StageSecret | KeyIssuer): Promise<string> {
  const { user, channels, info, expiresInSeconds } = checked(userToken, token, 'signToken');
  const claims = { sub: user, ...(channels && { channels }), ...(info !== undefined && { info }) };
  if ('secret' in signer) return signedBySecret(claims, expiresInSeconds, signer, (stage) => stage);
  if (!('key' in signer))
    throw failure('bad-request', 'signToken: it takes { stage, secret } or { issuer, audience, key }.');
  const { issuer, audience } = checked(keyIssuer, signer, 'signToken');
  const signature = await signatureByKey(signer.key);
  return signed({ iss: issuer, aud: audience, ...claims }, expiresInSeconds, signature);
}

/**
 * A token with which a server uses the HTTP API. Only the secret of the stage signs it. It opens no socket.
 *
 * @throws FanfareError `bad-request` that names what to change. It contains no secret.
 * @example
 * await signServerToken({ server: 'billing', rights: 'everything' }, { stage: 'prod', secret });
 */
export async function signServerToken(token: ServerToken, signer: StageSecret): Promise<string> {
  const { server, rights, expiresInSeconds } = checked(serverToken, token, 'signServerToken');
  const claims = { sub: server, ...(rights !== 'everything' && { channels: rights }) };
  // The HTTP API has an audience of its own, so that no token is good for both.
  return signedBySecret(claims, expiresInSeconds, signer, (stage) => `${stage}/servers`);
}

function signedBySecret(
  claims: object,
  seconds: number,
  { stage, secret }: StageSecret,
  audienceOf: (stage: string) => string,
): Promise<string> {
  const aud = audienceOf(checked(stageName, stage, 'stage'));
  return signed({ iss: STAGE_ITSELF, aud, ...claims }, seconds, signatureBySecret(secret));
}

/** @see https://www.rfc-editor.org/rfc/rfc7515#section-5.1 */
async function signed(claims: object, seconds: number, { header, sign }: Signature): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const parts = [
    { ...header, typ: 'JWT' },
    { ...claims, iat, exp: iat + seconds },
  ];
  const content = parts.map((part) => base64Url(bytesOfText(JSON.stringify(part)))).join('.');
  return `${content}.${base64Url(await sign(content))}`;
}
