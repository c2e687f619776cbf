/** The tools of one fact: names of its own, tokens, and sockets that are closed when the fact is over. */

import { FanfareServer } from 'fanfare-client/server';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { NotShown, Refused } from './not-shown.ts';
import type { Role } from './places.ts';
import type { Handshake, Stage } from './stage.ts';
import type { Tokens } from './tokens.ts';
import type { Claims, Users } from './users.ts';
import { type Entrance, Visitor } from './visitor.ts';
import { within } from './within.ts';
import type { Mark } from './wrapping.ts';

/** The parts that all facts of a run share. */
export interface Run {
  /** Random, so that two runs at the same time use different names. */
  readonly id: string;
  readonly stage: Stage;
  readonly tokens: Tokens;
  readonly users: Users;
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

  /** @throws NotShown if the stage has no namespace for it. */
  channel(role: Role): string {
    return this.stage.places.channel(role, `smoke-${this.id}`);
  }

  /** The user's name in the stage. @throws NotShown if it is not known. */
  user(name: string): string {
    return this.run.users.nameOf(name, this.ownName(name));
  }

  /** A token of the user, with claims that replace the usual ones. @throws NotShown if no such token can be had. */
  token(name: string, claims: Claims = {}): Promise<string> {
    return this.run.users.token(name, this.ownName(name), claims);
  }

  private ownName(name: string): string {
    return `smoke-${this.id}-${name}`;
  }

  /** @throws NotShown if the users of this run are real ones, who may be connected elsewhere. */
  needOwnUsers(): void {
    if (!this.run.users.areOwn) throw new NotShown('users of its own are needed, so the secret of the stage');
  }

  /** A handshake, let in or refused. */
  async knock(handshake: Handshake): Promise<Entrance> {
    const { open, patience, wrapping } = this.stage;
    const entrance = await Visitor.enter(open, handshake, patience.answerMs, wrapping);
    if (!(entrance instanceof Visitor)) return entrance;
    this.visitors.push(entrance);
    // The fact's time limit has passed meanwhile.
    if (this.over) entrance.wire.cut();
    return entrance;
  }

  /** A handshake of a client that may be anyone: without a token, if the stage lets such clients in. */
  async guest(): Promise<Handshake> {
    return this.stage.places.admitsAnonymous ? {} : { query: await this.token('guest') };
  }

  /** The token with which a client may read the channel of this role; `undefined` if it needs none. */
  async readingToken(role: Role): Promise<string | undefined> {
    return this.stage.places.isForAnyone(role) ? undefined : this.token('reader');
  }

  /** An open connection that may read the channel of this role. */
  async reader(role: Role): Promise<Visitor> {
    const query = await this.readingToken(role);
    return this.enter(query === undefined ? {} : { query });
  }

  /** @param handshake That of a guest by default. @throws Error when the handshake is refused. */
  async enter(handshake?: Handshake): Promise<Visitor> {
    const entrance = await this.knock(handshake ?? (await this.guest()));
    if (entrance instanceof Visitor) return entrance;
    throw new Error(`The handshake was refused with ${entrance.status} ${entrance.body}`);
  }

  /** An open connection of the user of this name. */
  async signIn(name: string): Promise<Visitor> {
    return this.enter({ protocols: [SUBPROTOCOL, await this.token(name)] });
  }

  /** The HTTP API, as a server that may do everything. */
  async server(): Promise<FanfareServer> {
    const token = await this.run.tokens.ofServer(this.ownName('server'));
    return new FanfareServer(this.stage.apiUrl, { token, fetch: this.fetch });
  }

  /** Publishes one message or several as a server. @throws Refused with the sentence of the stage. */
  async publish(channel: string, ...marks: readonly Mark[]): Promise<number | undefined> {
    const messages = marks.map((mark) => ({ data: this.stage.wrapping.wrap(mark) }));
    const { results } = await (await this.server()).call('publish', { channels: [channel], messages });
    const { seq, error } = results[0] ?? {};
    if (error) throw new Refused(error.message);
    return seq;
  }

  /** `fetch` that gives up. */
  readonly fetch: typeof globalThis.fetch = (input, init) =>
    this.stage.fetch(input, { signal: AbortSignal.timeout(HTTP_MS), ...init });

  /** The ids of this user's connections, as the stage has stored them. */
  async connectionsOf(name: string): Promise<readonly string[]> {
    this.needOwnUsers();
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
