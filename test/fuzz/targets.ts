/** The functions that clients can reach, each with its generated events and its possible answers. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { loadDeployed } from './deployed-function.ts';
import { startFaultyAws } from './faulty-aws.ts';
import type { Books, Flood } from './flood.ts';
import { authorizerEvents, connectEvents, ORIGINS } from './handshake-events.ts';
import { judgeAdmission, judgeConnection } from './handshake-verdict.ts';
import { messageEvent } from './message-events.ts';
import { judgeReply } from './reply-verdict.ts';
import type { TargetName } from './report.ts';
import { PROVIDER, PROVIDER_KEY } from './signed-tokens.ts';

export interface Target {
  readonly books: Books;
  /** The requests of the function to AWS. */
  readonly requests: number;
}

type Run = <Sent>(flood: Pick<Flood<Sent>, 'events' | 'judge'>) => Promise<Books>;

const CONNECTION_TABLES = {
  CONNECTIONS_TABLE: 'connections',
  SUBSCRIPTIONS_TABLE: 'subscriptions',
  CHANNELS_TABLE: 'channels',
};

export const targets: Readonly<Record<TargetName, (seed: number, run: Run) => Promise<Target>>> = {
  async default(seed, run) {
    const aws = await startFaultyAws({ seed });
    const handler = await loadDeployed('default', aws.url, {
      ...CONNECTION_TABLES,
      MESSAGES_TABLE: 'messages',
      VALUES_TABLE: 'values',
      PUBLISH_KEYS_TABLE: 'publish-keys',
      CHARGES_TABLE: 'charges',
      READ_POSITIONS_TABLE: 'read-positions',
      PRESENCE_TABLE: 'presence',
      MAILBOXES_TABLE: 'mailboxes',
      HTTP_SESSIONS_TABLE: 'http-sessions',
      DELIVERY_CLAIMS_TABLE: 'delivery-claims',
      FAREWELL_WORKER: 'farewell',
      MANAGEMENT_ENDPOINT: `${aws.url}/prod`,
      DELIVERY_WORKER: 'deliver',
      POSTS_PER_SECOND: '5000',
      STAGE: 'prod',
    });
    const books = await run({
      events: messageEvent,
      judge: async (sent) => judgeReply(sent, await handler(sent.event)),
    });
    return { requests: aws.requests(), books };
  },

  async authorize(seed, run) {
    const secret = randomBytes(48).toString('base64url');
    const provider = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = {
      ...provider.publicKey.export({ format: 'jwk' }),
      kid: PROVIDER_KEY,
      use: 'sig',
      alg: 'RS256',
    };
    const aws = await startFaultyAws({ seed, secrets: { 'token-secret': secret }, keys: { keys: [key] } });
    const issuer = {
      issuer: PROVIDER,
      audience: 'fanfare-app',
      jwksUrl: `${aws.url}/jwks.json`,
      algorithms: ['RS256'],
    };
    const handler = await loadDeployed('authorize', aws.url, {
      STAGE: 'prod',
      TOKEN_SECRET: 'token-secret',
      ISSUERS: JSON.stringify([issuer]),
      CLOCK_SKEW: '5',
      ORIGINS: JSON.stringify(ORIGINS),
      ORIGIN_KEY_SECRET: 'none',
    });
    const keys = { secret, provider };
    const books = await run({
      events: authorizerEvents(keys),
      judge: async (event) => [await judgeAdmission(event, handler(event), keys)],
    });
    return { requests: aws.requests(), books };
  },

  async connect(seed, run) {
    const aws = await startFaultyAws({ seed });
    const handler = await loadDeployed('connect', aws.url, {
      ...CONNECTION_TABLES,
      REVOCATIONS_TABLE: 'revocations',
      MANAGEMENT_ENDPOINT: `${aws.url}/prod`,
      STAGE: 'prod',
    });
    const books = await run({
      events: connectEvents,
      judge: async (event) => [await judgeConnection(event, handler(event))],
    });
    return { requests: aws.requests(), books };
  },
};
