/** Checks the answers of `authorize` and `connect` to every kind of handshake. */

import * as v from 'valibot';
import { identityIn } from '../../lambdas/identity/authorizer-context.ts';
import { METHOD } from './handshake-events.ts';
import { isSigned, type Keys, PROVIDER } from './signed-tokens.ts';

interface Handshake {
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

const policy = v.strictObject({
  principalId: v.string(),
  policyDocument: v.strictObject({
    Version: v.literal('2012-10-17'),
    Statement: v.strictTuple([
      v.strictObject({
        Action: v.literal('execute-api:Invoke'),
        Effect: v.picklist(['Allow', 'Deny']),
        Resource: v.literal(METHOD),
      }),
    ]),
  }),
  // API Gateway takes no larger result, and only texts as values (AU-4).
  context: v.pipe(
    v.record(v.string(), v.string()),
    v.check((context) => JSON.stringify(context).length < 8 * 1024),
  ),
});

/** @returns the decision. @throws Error that names a fault of the result. */
export async function judgeAdmission(
  handshake: Handshake,
  answer: Promise<unknown>,
  keys: Keys,
): Promise<string> {
  const decided = await answer.catch((error: unknown) => error);
  if (decided instanceof Error) {
    if (decided.message !== 'Unauthorized') throw decided;
    return 'unauthorized';
  }
  const { context, policyDocument } = v.parse(policy, decided);
  const bearer = identityIn(context);
  const [{ Effect }] = policyDocument.Statement;
  if (Effect === 'Deny') {
    if (bearer) throw new Error('Somebody is known and refused');
    return 'denied';
  }
  if (!isAllowed(pageOf(handshake))) throw new Error('The page of another site got in');
  if (!bearer) return 'anonymous';
  if (!textsOf(handshake).some((token) => isSigned(token, keys) && speaksFor(token, bearer.user)))
    throw new Error(`Somebody got in as ${bearer.user} without a token that says so`);
  return 'signed in';
}

function pageOf({ headers }: Handshake): string | undefined {
  return headers['Origin'] ?? headers['origin'];
}

/** The same rule as in the function, written in another way. */
function isAllowed(page: string | undefined): boolean {
  return (
    page === undefined ||
    /^https:\/\/app\.example\.com$|^https:\/\/[\w*-]+\.example\.org$|^http:\/\/localhost(:[\d*]+)?$/.test(
      page,
    )
  );
}

/** All texts that may be a token. White space in a signature is ignored, and does not change the signed text. */
function textsOf({ headers, queryStringParameters = {} }: Handshake): string[] {
  const values = [...Object.values(headers), ...Object.values(queryStringParameters)];
  return values.flatMap((value) => value.split(',')).map((text) => text.replace(/^bearer|\s/gi, ''));
}

const claims = v.looseObject({
  iss: v.string(),
  aud: v.union([v.string(), v.array(v.unknown())]),
  sub: v.string(),
  exp: v.number(),
  nbf: v.optional(v.number(), 0),
});

/** Allowed for clocks. Seconds. */
const SKEW = 5;

function speaksFor(token: string, user: string): boolean {
  const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), claims), text);
  if (!success) return false;
  const { iss, aud, sub, exp, nbf } = output;
  const now = Date.now() / 1000;
  const audience = iss === PROVIDER ? 'fanfare-app' : 'prod';
  return (
    sub === user &&
    aud.includes(audience) &&
    exp > now - SKEW &&
    nbf <= now + SKEW &&
    [PROVIDER, 'fanfare'].includes(iss)
  );
}

const connectResult = v.union([
  v.strictObject({ statusCode: v.picklist([200, 400, 401, 429]) }),
  v.strictObject({
    statusCode: v.literal(200),
    headers: v.strictObject({ 'Sec-WebSocket-Protocol': v.literal('fanfare.v1') }),
  }),
]);

/** Only a failure of the tables may make it fail. Other errors are faults of our code. */
const MISTAKES = [TypeError, RangeError, ReferenceError, v.ValiError];

/** @returns the status. @throws Error that says what is wrong with it. */
export async function judgeConnection(handshake: Handshake, answer: Promise<unknown>): Promise<string> {
  const decided = await answer.catch((error: unknown) => error);
  if (decided instanceof Error) {
    if (MISTAKES.some((mistake) => decided instanceof mistake) || decided.name === 'ValiError') throw decided;
    return 'failed';
  }
  const { statusCode, ...more } = v.parse(connectResult, decided);
  const offered = (
    handshake.headers['Sec-WebSocket-Protocol'] ??
    handshake.headers['sec-websocket-protocol'] ??
    ''
  ).split(',');
  const isOffered = offered.some((name) => name.trim() === 'fanfare.v1');
  if ('headers' in more !== (isOffered && statusCode === 200))
    throw new Error('The protocol is not the one that was offered');
  return String(statusCode);
}
