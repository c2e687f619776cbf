/** Needs that must not compile: a function has the permissions and variables that its manifest declares, and no others. */

import type { FilterPattern, FunctionManifest, Need } from '../../lambdas/manifest/manifest.ts';
import { environmentOf } from '../../lambdas/wiring/environment.ts';

export const needs: readonly Need[] = [
  { kind: 'table', table: 'messages', actions: ['dynamodb:GetItem'] },
  // @ts-expect-error -- there is no such table
  { kind: 'table', table: 'message', actions: ['dynamodb:GetItem'] },
  // @ts-expect-error -- a wildcard is no action
  { kind: 'table', table: 'messages', actions: ['dynamodb:*'] },
  // @ts-expect-error -- a need of a table says what it does there
  { kind: 'table', table: 'messages' },
  // @ts-expect-error -- there is no such index
  { kind: 'index', table: 'connections', index: 'ByUser' },
  // @ts-expect-error -- the management API is also asked for addresses, by GET; no function may
  { kind: 'management-api', methods: ['GET'] },
  // @ts-expect-error -- there is no such need
  { kind: 'bucket' },
];

export const variables = [
  environmentOf('connect').CONNECTIONS_TABLE,
  // @ts-expect-error -- `connect` declares no table of messages (docs/deploy-checks.md)
  environmentOf('connect').MESSAGES_TABLE,
  // @ts-expect-error -- there is no such function
  environmentOf('conect'),
];

export const filters: readonly FilterPattern[] = [
  { dynamodb: { Keys: { id: { S: [{ prefix: 'a' }] } } } },
  // @ts-expect-error -- Lambda has no wildcard: decision 20
  { dynamodb: { Keys: { id: { S: [{ wildcard: 'a*' }] } } } },
  // @ts-expect-error -- a relation is one of five
  { dynamodb: { NewImage: { n: { N: [{ numeric: ['!=', 1] }] } } } },
  // @ts-expect-error -- what a value may be is a list
  { eventName: 'INSERT' },
];

const purpose = 'Does nothing';
const rest = { purpose, memoryMb: 128, timeoutSeconds: 1, needs: {} };

export const functions: readonly FunctionManifest[] = [
  { ...rest, trigger: { kind: 'operator' } },
  // @ts-expect-error -- a function has a trigger
  rest,
  // @ts-expect-error -- there is no such trigger
  { ...rest, trigger: { kind: 'cron' } },
  // @ts-expect-error -- a stream is read by a policy of changes
  { ...rest, trigger: { kind: 'stream', table: 'messages' } },
  // @ts-expect-error -- the gateway has three routes of functions
  { ...rest, trigger: { kind: 'route', key: '$message', replies: true } },
];
