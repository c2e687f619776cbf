/** The tools of one fact: names of its own, tokens, and sockets that are closed when the fact is over. */

import { FanfareServer } from 'fanfare-client/server';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import type { Handshake, Stage } from './stage.ts';
import type { Tokens } from './tokens.ts';
import { type Entrance, Visitor } from './visitor.ts';
import { within } from './within.ts';

/** The parts that all facts of a run share. */
export interface Run {
  /** Random, so that two runs at the same time use different names. */
  readonly id: string;
  readonly stage: Stage;
  readonly tokens: Tokens;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** For a close handshake; then the connection is cut. Milliseconds. */
const FAREWELL_MS = 2_000;

/** An answer of the HTTP API that does not come is a failure: the gateway itself gives up after 29 s. Milliseconds. */
const HTTP_MS = 30_000;

export class Visit {
  readonly run: Run;
  /** A part of every name, so that facts do not see each other's channels and users. */
  readonly id: string;
  private readonly visitors: Visitor[] = [];
  private over = false;

  /** @param of The fact, as `group/name`. */
  constructor(run: Run, of: string) {
    this.run = run;
    this.id = `${run.id}-${of.replace('/', '-')}`;
  }

  get stage(): Stage {
    return this.run.stage;
  }

  channel(namespace: 'chat' | 'live' | 'public'): string {
    return `${namespace}:smoke-${this.id}`;
  }

  user(name: string): string {
    return `smoke-${this.id}-${name}`;
  }

  /** A handshake, let in or refused. */
  async knock(handshake: Handshake): Promise<Entrance> {
    const entrance = await Visitor.enter(this.stage.open, handshake, this.stage.patience.answerMs);
    if (!(entrance instanceof Visitor)) return entrance;
    this.visitors.push(entrance);
    // The fact's time limit has passed meanwhile.
    if (this.over) entrance.wire.cut();
    return entrance;
  }

  /** @throws Error when the handshake is refused. */
  async enter(handshake: Handshake = {}): Promise<Visitor> {
    const entrance = await this.knock(handshake);
    if (entrance instanceof Visitor) return entrance;
    throw new Error(`The handshake was refused with ${entrance.status} ${entrance.body}`);
  }

  /** An open connection of the user of this name. */
  async signIn(name: string): Promise<Visitor> {
    const token = await this.run.tokens.ofUser(this.user(name));
    return this.enter({ protocols: [SUBPROTOCOL, token] });
  }

  /** The HTTP API, as a server that may do everything. */
  async server(): Promise<FanfareServer> {
    const token = await this.run.tokens.ofServer(this.user('server'));
    return new FanfareServer(this.stage.apiUrl, { token, fetch: this.fetch });
  }

  /** `fetch` that gives up. */
  readonly fetch: typeof globalThis.fetch = (input, init) =>
    this.stage.fetch(input, { signal: AbortSignal.timeout(HTTP_MS), ...init });

  /** The ids of this user's connections, as the stage has stored them. */
  async connectionsOf(name: string): Promise<readonly string[]> {
    const { connections } = await (await this.server()).call('connections', { user: this.user(name) });
    return connections.map(({ connectionId }) => connectionId);
  }

  /** Closes every socket of the fact. */
  async leave(): Promise<void> {
    this.over = true;
    await Promise.all(this.visitors.map(({ wire }) => closed(wire)));
  }
}

async function closed(wire: Visitor['wire']): Promise<void> {
  wire.close();
  await within(FAREWELL_MS, 'a close frame', wire.closed).catch(() => wire.cut());
}
