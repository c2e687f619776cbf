/** Every door of a local runtime that serves Fanfare itself: a request for each that is answered when a program sends it. */

import { stackNameOf } from '../../lib/settings/stack-name.ts';
import type { Runtime } from '../runtime.ts';
import type { RawRequest } from './raw-bytes.ts';

/**
 * The callers that a door admits. `app`: callers that the app admits, and pages of this machine. `page`: the pages that the
 * runtime serves itself. `program`: no page.
 */
type Callers = 'app' | 'page' | 'program';

/** As much of a runtime as it takes to know its doors. */
interface Served extends Pick<Runtime, 'tables'> {
  readonly urls: Pick<Runtime['urls'], 'http' | 'dynamodb'>;
}

export interface LocalDoor extends RawRequest {
  readonly callers: Callers;
  readonly port: number;
}

const STACK = stackNameOf('local');

/** Enough for doors that only read the key of the signer. */
const SIGNED_BY_ANYONE =
  'Authorization: AWS4-HMAC-SHA256 Credential=local/20261130/us-east-1/x/aws4_request, SignedHeaders=host, Signature=0';

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

function json(version: '1.0' | '1.1', target: string, input: object) {
  const lines = [
    `Content-Type: application/x-amz-json-${version}`,
    `X-Amz-Target: ${target}`,
    SIGNED_BY_ANYONE,
  ];
  return { callers: 'program', method: 'POST', target: '/', lines, body: JSON.stringify(input) } as const;
}

/** The key is the part behind the door. The lines have no `Host`, which each test adds. */
export function localDoors({ urls, tables }: Served): Readonly<Record<string, LocalDoor>> {
  const port = portOf(urls.http);
  const dynamodb = portOf(urls.dynamodb);
  const revoke = `/2015-03-31/functions/${STACK}-revoke/invocations`;
  const user = JSON.stringify({ user: 'nobody' });
  const [TableName = ''] = tables;
  return {
    'Lambda, waiting': {
      callers: 'program',
      port,
      method: 'POST',
      target: revoke,
      lines: [SIGNED_BY_ANYONE],
      body: user,
    },
    'Lambda, not waiting': {
      callers: 'program',
      port,
      method: 'POST',
      target: revoke,
      lines: ['X-Amz-Invocation-Type: Event'],
      body: user,
    },
    'Secrets Manager': { ...json('1.1', 'secretsmanager.GetSecretValue', { SecretId: 'none' }), port },
    EventBridge: { ...json('1.1', 'AWSEvents.PutEvents', { Entries: [] }), port },
    'DynamoDB, reading': { ...json('1.0', 'DynamoDB_20120810.Scan', { TableName }), port: dynamodb },
    'DynamoDB, writing': {
      ...json('1.0', 'DynamoDB_20120810.PutItem', { TableName, Item: {} }),
      port: dynamodb,
    },
    'the management API': {
      callers: 'program',
      port,
      method: 'POST',
      target: '/local/@connections/AAAAAAAAAAAAAAA=',
      lines: [SIGNED_BY_ANYONE],
      body: 'x',
    },
    'the bill': { callers: 'page', port, target: '/local-api/bill', lines: [] },
    'a new bill': { callers: 'page', port, method: 'DELETE', target: '/local-api/bill', lines: [] },
    'the refusals': { callers: 'page', port, target: '/console/refusals.json', lines: [] },
    'the console': { callers: 'page', port, target: '/console/', lines: [] },
    'an example': { callers: 'page', port, target: '/examples/', lines: [] },
    'the sign-in of the examples': { callers: 'page', port, target: '/examples/token?user=eve', lines: [] },
    'the root': { callers: 'page', port, target: '/', lines: [] },
    'the HTTP API': {
      callers: 'app',
      port,
      method: 'POST',
      target: '/local/messages',
      lines: ['Authorization: Bearer x'],
      body: '{}',
    },
    'the fallback': {
      callers: 'app',
      port,
      target: `/lambda-url/${STACK}-fallback/poll?session=a-session-of-an-attack&open=1`,
      lines: [],
    },
    'the WebSocket API': { callers: 'app', port, target: '/local', lines: UPGRADE },
    'no WebSocket API': { callers: 'app', port, target: '/elsewhere', lines: UPGRADE },
    nothing: { callers: 'app', port, target: '/elsewhere', lines: [] },
  };
}

export function portOf(url: string): number {
  return Number(new URL(url).port);
}
