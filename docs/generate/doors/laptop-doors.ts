/** The ways into the local runtime that a deployed stage does not have, or that AWS guards there. */

import type { Cell, Door } from './door.ts';
import { developer, iam, noContent, notAConnection, readsOnly, throttle } from './reasons.ts';

export const laptopDoors = {
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
    checks: localPage({ none: 'Its files contain no secrets.' }),
  },
  'Local: examples, and their sign-in': {
    covers: ['local:an example', 'local:the sign-in of the examples'],
    checks: localPage({ none: 'Programs of this machine may read the secret of the tokens anyway.' }),
  },
  'Local: bill, refusals': {
    covers: ['local:the bill', 'local:a new bill', 'local:the refusals'],
    checks: localPage(readsOnly),
  },
} as const satisfies Readonly<Record<string, Door>>;

/** The doors that stand for an API of AWS on this machine. */
function localAws(): Door['checks'] {
  return {
    host: 'local guard',
    origin: 'local guard',
    size: { none: 'The limit is the one of the API of AWS.' },
    identity: developer,
    expiry: developer,
    revocation: developer,
    connections: notAConnection,
    depth: developer,
    rate: developer,
    permission: 'local permissions',
  };
}

/** The doors that only a laptop has. */
function localPage(permission: Cell): Door['checks'] {
  return {
    host: 'local guard',
    origin: 'local guard',
    size: noContent,
    identity: developer,
    expiry: developer,
    revocation: developer,
    connections: notAConnection,
    depth: noContent,
    rate: developer,
    permission,
  };
}
