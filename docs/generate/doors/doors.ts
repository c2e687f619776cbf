/** Every way into a stage and into the local runtime, and which mechanism makes each check there. */

import type { Check } from './checks.ts';
import type { DefenceName } from './defences.ts';

/** The mechanism, or a sentence that says why there is nothing to check. */
export type Cell = DefenceName | { readonly none: string };

export interface Door {
  /** What it covers of what the code declares: `test/docs/doors.test.ts` finds what no door covers. */
  readonly covers: readonly string[];
  readonly checks: Readonly<Record<Check, Cell>>;
}

const platform = { none: 'The platform answers only for the host names of its API or URL.' };
const programs = {
  none: 'Only a principal of the account with a grant of IAM comes here; no page of a browser can sign for it.',
};
const iam = { none: 'IAM decides, with the credentials that the caller signs with, and their own end.' };
const byHandshake = { none: 'The handshake has decided it, and it holds for the connection.' };
const notAConnection = { none: 'A request of a server is no connection and leaves none.' };
const throttle = { none: 'The throttle of the stage bounds it; servers are trusted with their share of it.' };
const noBody = { none: 'There is no body.' };
const nothingAsked = { none: 'The gateway answers by itself: no function runs and nothing is read or told.' };
const ownStage = { none: 'The event names a stage, and the rule lets it to that stage only.' };
const developer = { none: 'It belongs to the developer at this machine, who may do everything here.' };
const readsOnly = { none: 'It only tells what the local runtime has counted.' };

const handshake = {
  host: platform,
  origin: 'origins',
  size: { none: 'The platform takes 8 KB of headers and answers 431 or closes.' },
  identity: 'token',
  expiry: 'token end',
  revocation: 'revocation',
  connections: 'open connections',
  depth: 'claims',
  rate: 'stage throttle',
  permission: 'admission',
} as const;

const http = {
  host: platform,
  origin: 'origins and fetch site',
  size: noBody,
  identity: 'token',
  expiry: 'token end',
  revocation: 'revocation',
  connections: 'session bounds',
  depth: noBody,
  rate: 'connection limit',
  permission: 'policies',
} as const satisfies Door['checks'];

export const doors = {
  'Handshake, token as a subprotocol': {
    covers: ['function:authorize', 'route:$connect', 'local:the WebSocket API'],
    checks: handshake,
  },
  'Handshake, `?token=`': { covers: ['function:connect'], checks: handshake },
  'Handshake, `Authorization`': { covers: [], checks: handshake },
  'Command on a socket': {
    covers: ['function:default', 'route:$default'],
    checks: {
      host: byHandshake,
      origin: byHandshake,
      size: 'frame size',
      identity: byHandshake,
      expiry: 'command expiry',
      revocation: 'revocation',
      connections: byHandshake,
      depth: 'JSON door',
      rate: 'connection limit',
      permission: 'policies',
    },
  },
  '`ping` on a socket': {
    covers: ['route:ping'],
    checks: {
      host: byHandshake,
      origin: byHandshake,
      size: 'frame size',
      identity: nothingAsked,
      expiry: 'closing at the end',
      revocation: 'revocation',
      connections: byHandshake,
      depth: nothingAsked,
      rate: 'stage throttle',
      permission: nothingAsked,
    },
  },
  'End of a socket': {
    covers: ['function:disconnect', 'route:$disconnect'],
    checks: {
      host: byHandshake,
      origin: byHandshake,
      size: noBody,
      identity: byHandshake,
      expiry: { none: 'It only forgets the connection that has ended.' },
      revocation: { none: 'It only forgets the connection that has ended.' },
      connections: { none: 'It only forgets the connection that has ended.' },
      depth: noBody,
      rate: byHandshake,
      permission: { none: 'It only forgets the connection that has ended.' },
    },
  },
  'Event stream (`GET /`)': { covers: ['function:fallback', 'fallback:GET /'], checks: http },
  'Poll (`GET /poll`)': { covers: ['fallback:GET /poll', 'local:the fallback'], checks: http },
  'Commands over HTTP (`POST /`)': {
    covers: ['fallback:POST /'],
    checks: { ...http, size: 'frame size', depth: 'JSON door' },
  },
  'End of an HTTP session (`DELETE /`)': {
    covers: ['fallback:DELETE /'],
    checks: { ...http, permission: 'own session' },
  },
  'HTTP API, by token': {
    covers: ['function:api', 'function:authorize-api', 'local:the HTTP API'],
    checks: {
      host: platform,
      origin: 'no page',
      size: { none: 'The platform takes 10 MB; lists in a request are bounded by its schema.' },
      identity: 'server token',
      expiry: 'token end',
      revocation: 'server revocation',
      connections: notAConnection,
      depth: 'JSON door',
      rate: throttle,
      permission: 'server rights',
    },
  },
  'HTTP API, by IAM': {
    covers: [],
    checks: {
      host: platform,
      origin: programs,
      size: { none: 'The platform takes 10 MB; lists in a request are bounded by its schema.' },
      identity: 'IAM signature',
      expiry: iam,
      revocation: iam,
      connections: notAConnection,
      depth: 'JSON door',
      rate: throttle,
      permission: iam,
    },
  },
  'Publish event': {
    covers: ['function:publish-event'],
    checks: {
      host: platform,
      origin: programs,
      size: { none: 'EventBridge takes 256 KB.' },
      identity: iam,
      expiry: iam,
      revocation: iam,
      connections: notAConnection,
      depth: 'JSON door',
      rate: { none: 'EventBridge and the concurrency of the account bound it.' },
      permission: ownStage,
    },
  },
  'Function `revoke`': {
    covers: ['function:revoke'],
    checks: {
      host: platform,
      origin: programs,
      size: { none: 'Lambda takes 6 MB; the request has two fields.' },
      identity: iam,
      expiry: iam,
      revocation: iam,
      connections: notAConnection,
      depth: 'operator request',
      rate: { none: 'The concurrency of the account bounds it.' },
      permission: 'least privilege',
    },
  },
  'Functions that AWS starts': {
    covers: [
      'function:deliver',
      'function:release',
      'function:farewell',
      'function:presence',
      'function:connection-events',
      'function:channel-events',
      'function:message-events',
      'function:close-expired',
    ],
    checks: {
      host: platform,
      origin: programs,
      size: { none: 'Functions of the stage and the streams of its tables write what comes here.' },
      identity: iam,
      expiry: 'delivery expiry',
      revocation: 'revocation',
      connections: notAConnection,
      depth: { none: 'Functions of the stage and the streams of its tables write what comes here.' },
      rate: { none: 'Functions of the stage and the streams of its tables write what comes here.' },
      permission: 'least privilege',
    },
  },
  'Management API (`@connections`)': {
    covers: ['local:the management API'],
    checks: {
      host: 'local guard',
      origin: 'local guard',
      size: { none: 'The platform takes 128 KB (LM-3).' },
      identity: 'IAM signature',
      expiry: iam,
      revocation: iam,
      connections: notAConnection,
      depth: { none: 'The platform passes a post on as it is.' },
      rate: throttle,
      permission: 'least privilege',
    },
  },
  'Local: Lambda’s invoke': {
    covers: ['local:Lambda, waiting', 'local:Lambda, not waiting'],
    checks: localAws(),
  },
  'Local: DynamoDB, Secrets Manager, EventBridge': {
    covers: [
      'local:DynamoDB, reading',
      'local:DynamoDB, writing',
      'local:Secrets Manager',
      'local:EventBridge',
    ],
    checks: localAws(),
  },
  'Local: console, tour': {
    covers: ['local:the console', 'local:the root', 'local:no WebSocket API', 'local:nothing'],
    checks: localPage({ none: 'Its files are no secrets.' }),
  },
  'Local: bill, refusals': {
    covers: ['local:the bill', 'local:a new bill', 'local:the refusals'],
    checks: localPage(readsOnly),
  },
} as const satisfies Readonly<Record<string, Door>>;

/** What stands for an API of AWS on this machine. */
function localAws(): Door['checks'] {
  return {
    host: 'local guard',
    origin: 'local guard',
    size: { none: 'Bounded as the API of AWS bounds it.' },
    identity: developer,
    expiry: developer,
    revocation: developer,
    connections: notAConnection,
    depth: developer,
    rate: developer,
    permission: 'local permissions',
  };
}

/** What only a laptop has. */
function localPage(permission: Cell): Door['checks'] {
  return {
    host: 'local guard',
    origin: 'local guard',
    size: noBody,
    identity: developer,
    expiry: developer,
    revocation: developer,
    connections: notAConnection,
    depth: noBody,
    rate: developer,
    permission,
  };
}
