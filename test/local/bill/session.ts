/** The scripted session whose bill docs/bill-meter.md computes by hand, with the steps of the page. */

import type { Bill } from '../../../packages/local/src/bill/bill.ts';
import { Client } from '../client.ts';
import { Queue } from '../queue.ts';
import { runTemplate } from '../run-template.ts';
import { sources, template } from './room.ts';

/** Measured durations would differ each time, so the page fixes these. Milliseconds. */
const durations: Readonly<Record<string, number>> = { connect: 20, disconnect: 15, say: 35 };

const SECOND_MS = 1000;

/** Of the command with the long text, in bytes: 40 KB. */
const LONG = 40 * 1024;

/** Runs it, on a runtime of its own. */
export async function billOfSession(): Promise<Bill> {
  let now = 0;
  const ended = new Queue<string>();
  const runtime = await runTemplate(template, sources, {
    billing: { now: () => now, durationOf: (name) => durations[name] ?? 0 },
    onInvoked: ended.put,
  });
  const room = new Room(runtime.urls.websocket, () => ended.next());
  try {
    for (const name of ['ann', 'bob', 'cid']) await room.enters(name);
    await room.says('ann', 'hello');
    await room.says('ann', 'x'.repeat(LONG - say('').length));
    await room.client('bob').ask({ action: 'dance' });
    now = 150 * SECOND_MS;
    await room.leaves('cid');
    await room.says('ann', 'bye');
    now = 600 * SECOND_MS;
    await room.leaves('ann');
    await room.leaves('bob');
    return runtime.meter.bill();
  } finally {
    await runtime.close();
  }
}

/** The clients, by name; each step is over when its function is. */
class Room {
  private readonly clients = new Map<string, Client>();
  private readonly url: string;
  private readonly functionEnds: () => Promise<unknown>;

  constructor(url: string, functionEnds: () => Promise<unknown>) {
    this.url = url;
    this.functionEnds = functionEnds;
  }

  async enters(name: string): Promise<void> {
    const client = await Client.open(this.url);
    await this.functionEnds();
    await client.ask({ action: 'ping' });
    this.clients.set(name, client);
  }

  /** In two frames, because one may have 32 KB at most (LM-4). */
  async says(name: string, text: string): Promise<void> {
    const frame = say(text);
    const half = Math.ceil(frame.length / 2);
    const { socket } = this.client(name);
    socket.send(frame.slice(0, half), { fin: false });
    socket.send(frame.slice(half), { fin: true });
    for (const client of this.clients.values()) await client.nextText();
    await this.functionEnds();
  }

  async leaves(name: string): Promise<void> {
    await this.client(name).close();
    this.clients.delete(name);
    await this.functionEnds();
  }

  client(name: string): Client {
    const client = this.clients.get(name);
    if (!client) throw new Error(`${name} is not there`);
    return client;
  }
}

function say(text: string): string {
  return JSON.stringify({ action: 'say', text });
}
