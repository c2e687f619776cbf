/** Requests of a server, answered on ports in memory. Every answer is checked against the schemas of the table. */

import { type OperationName, operations, refusal } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { beforeEach } from 'vitest';
import type { RequestContext } from '../../../lambdas/operations/operation.ts';
import { type ApiResponse, respond } from '../../../lambdas/operations/respond.ts';
import { action } from '../../../lambdas/own-logic/own-action.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { open } from '../../../lambdas/realtime/connections/membership.ts';
import type { Sender } from '../../../lambdas/realtime/log/sender.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const servers = { subscribe: 'servers', publish: 'servers', members: 'servers' } as const;
const kept = { ...servers, history: { hours: 24 }, presence: 'none' } as const;

/** A policy that allows only servers. */
export const config: FanfareConfig = {
  namespaces: {
    news: { ...kept, values: { hours: 24 }, edit: 'servers' },
    live: { ...servers, history: 'none', presence: 'none' },
  },
  builtIn: {
    '@all': { ...servers, subscribe: 'anyone', history: 'none', presence: 'none' },
    '@user': { ...kept, subscribe: 'owner' },
  },
  actions: {
    double: action(v.number(), (number) => number * 2, { idempotent: true }),
  },
};

export const SERVER: Sender = { kind: 'server', id: 'billing' };

/** New for every test. */
export let ports: MemoryPorts;

beforeEach(() => {
  ports = memoryPorts();
});

interface Request {
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /** JSON, unless it is text already. */
  readonly body?: unknown;
}

type Given = Partial<Omit<RequestContext, 'ports'>> & { readonly ports?: Partial<MemoryPorts> };

/** The answer to a request. It must be a reply or a refusal by the schemas of its operation. */
export async function ask(
  name: OperationName,
  { parameters = {}, body = '' }: Request = {},
  { ports: others, ...more }: Given = {},
): Promise<ApiResponse> {
  const { method, path, reply } = operations[name];
  const response = await respond(
    {
      routeKey: `${method} ${path}`,
      parameters,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
    {
      config,
      sender: SERVER,
      grants: undefined,
      requestId: 'request-1',
      ...more,
      ports: { ...ports, ...others },
    },
  );
  const onWire: unknown = JSON.parse(JSON.stringify(response.body));
  v.parse(response.status < 300 ? v.strictObject({ ...reply.entries }) : refusal, onWire);
  return response;
}

/** The answer to a successful request. */
export async function reply(name: OperationName, request: Request = {}, given: Given = {}): Promise<object> {
  const { status, body } = await ask(name, request, given);
  if (status !== 200) throw new Error(`${name} was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Connections of a user, or anonymous ones, with their built-in channels. */
export async function connect(connectionIds: readonly string[], user?: string): Promise<void> {
  const session = { user, connectedAt: NOW, expiresAt: NOW / 1000 + 3_600 };
  for (const connectionId of connectionIds)
    await open(ports, config, sessionFixture({ ...session, connectionId }));
}

/** The message that the good edit replaces. */
export async function publishFirst(): Promise<void> {
  await reply('publish', goodRequests.publish);
}

/** A request to each operation that it carries out. */
export const goodRequests: Readonly<Record<OperationName, Request>> = {
  publish: { body: { channels: ['news:a'], data: 1 } },
  /** Of the first message of the channel, which `publishFirst` publishes. */
  edit: { body: { channel: 'news:a', seq: NOW + 1, data: 2 } },
  history: { parameters: { channel: 'news:a' } },
  values: { parameters: { channel: 'news:a' } },
  position: { parameters: { user: 'ann', channel: 'news:a' } },
  forgetPosition: { parameters: { user: 'ann', channel: 'news:a' } },
  members: { parameters: { channel: 'news:a' } },
  channels: {},
  occupancy: { parameters: { channel: 'news:a' } },
  connections: {},
  connection: { parameters: { connectionId: 'ann1=' } },
  closeConnection: { parameters: { connectionId: 'ann1=' } },
  closeConnections: { parameters: { user: 'ann' } },
  revoke: { body: { user: 'ann' } },
  callAction: { parameters: { name: 'double' }, body: { data: 21, key: 'k' } },
};
