/** A runtime with its fallback URL, and the requests of tests. */

import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { sessionKeyOf } from '../../../lambdas/realtime/connections/http-sessions.ts';
import { stackNameOf } from '../../../lib/settings/stack-name.ts';
import type { Runtime } from '../../runtime.ts';
import { EventReader } from './event-reader.ts';

export const FALLBACK = `${stackNameOf('local')}-fallback`;

type Query = Readonly<Record<string, string | readonly string[]>>;

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Query;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export class FallbackStage {
  readonly runtime: Runtime;
  readonly url: string;
  private readonly dynamodb: DynamoDBClient;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.url = runtime.urls.functionUrls[FALLBACK] ?? '';
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.dynamodb = new DynamoDBClient({ endpoint: runtime.urls.dynamodb, region: 'us-east-1', credentials });
  }

  /** The runtime is not closed with it. */
  destroy(): void {
    this.dynamodb.destroy();
  }

  /** The answer to a request, read to its end. */
  async ask({ method = 'GET', path = '', query, token, headers, body }: Ask) {
    const response = await fetch(this.target(path, query), {
      method,
      headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: text === '' ? undefined : JSON.parse(text),
    };
  }

  async stream(query: Query, { token, lastEventId }: { token?: string; lastEventId?: string } = {}) {
    const reader = await EventReader.open(this.target('', query), {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    });
    onTestFinished(() => reader.leave());
    return reader;
  }

  target(path = '', query: Query = {}): string {
    const url = new URL(path, this.url);
    for (const [name, values] of Object.entries(query))
      for (const value of [values].flat()) url.searchParams.append(name, value);
    return url.href;
  }

  /** How many frames wait for the openings of a session. */
  async waitingFor(user: string | undefined, session: string): Promise<number> {
    return (await this.rowsOf('Mailboxes', sessionKeyOf(user, session))).length;
  }

  /** The end of a session's lease, by its row; `undefined` when the row is deleted. Seconds since 1970. */
  async leaseEnd(user: string | undefined, session: string): Promise<number | undefined> {
    const [row] = await this.rowsOf('HttpSessions', sessionKeyOf(user, session));
    return row && Number(row['expiresAt']?.N);
  }

  /** Writes into all rows of a session that its lease ends at this time. Seconds since 1970. */
  async moveLeaseEnd(user: string | undefined, session: string, end: number): Promise<void> {
    for (const { name, keys } of LEASED)
      for (const row of await this.rowsOf(name, sessionKeyOf(user, session)))
        await this.dynamodb.send(
          new UpdateItemCommand({
            TableName: this.tableOf(name),
            Key: Object.fromEntries(Object.entries(row).filter(([attribute]) => keys.includes(attribute))),
            UpdateExpression: 'SET expiresAt = :end',
            ExpressionAttributeValues: { ':end': { N: String(end) } },
          }),
        );
  }

  private tableOf(name: string): string | undefined {
    return this.runtime.tables.find((table) => table.startsWith(`Storage${name}`));
  }

  private async rowsOf(name: string, sessionKey: string) {
    const { Items = [] } = await this.dynamodb.send(
      new ScanCommand({
        TableName: this.tableOf(name),
        FilterExpression: 'contains(connectionId, :sessionKey)',
        ExpressionAttributeValues: { ':sessionKey': { S: sessionKey } },
        ConsistentRead: true,
      }),
    );
    return Items;
  }
}

/** The tables whose rows end with the lease of a session, and their keys. */
const LEASED = [
  { name: 'HttpSessions', keys: ['sessionKey'] },
  { name: 'Connections', keys: ['connectionId'] },
  { name: 'Subscriptions', keys: ['channelShard', 'connectionId'] },
];

let sessions = 0;

/** The name of a session that no other test has. */
export function newSession(): string {
  sessions += 1;
  return `a-session-of-a-test-${sessions}`;
}
