/** A live list of the members of a channel, for namespaces with presence. */

import type { Channel } from './lib/channel/channel.ts';
import { request } from './lib/channel/request.ts';
import type { SubscribeOptions } from './lib/channel/subscription.ts';
import type { Connection } from './lib/connection.ts';
import { guardOf } from './lib/guard-of.ts';
import { MemberList } from './lib/member-list.ts';
import { onAbort } from './lib/platform/abort.ts';
import { FanfareError, localError } from './lib/wire/errors.ts';
import { isFields, list, type Member, type ServerFrame } from './lib/wire/server-frame.ts';

export interface PresenceHandlers {
  /** A user joined, or has new `info`. May repeat; the greatest `at` of a user counts. */
  readonly onJoined?: (member: Member) => unknown;
  /** The user's last connection left the channel a while ago. */
  readonly onLeft?: (member: Member) => unknown;
}

/**
 * The options with which a subscription hears who joins and leaves, for namespaces with presence.
 *
 * @example
 * chat.subscribe(show, { ...presenceHandlers({ onJoined: ({ user }) => greet(user) }), last: 50 });
 */
export function presenceHandlers({ onJoined, onLeft }: PresenceHandlers): SubscribeOptions {
  const listeners: ReadonlyMap<string, PresenceHandlers['onJoined']> = new Map([
    ['joined', onJoined],
    ['left', onLeft],
  ]);
  return {
    onFrame(frame, call) {
      for (const member of membersIn(frame)) call(() => listeners.get(frame.event)?.(member));
    },
  };
}

function membersIn({ members, member }: ServerFrame): readonly Member[] {
  return list(members ?? member).filter(isMember);
}

function isMember(value: unknown): value is Member {
  return isFields(value) && typeof value['user'] === 'string';
}

export interface WatchOptions {
  /** Stops the watch when it aborts. */
  readonly signal?: AbortSignal;
  /**
   * Called once, when no further change will be reported. `error` is the server's refusal; it is `undefined` after `stop()`, the
   * signal, or the end of the connection.
   */
  readonly onEnd?: (error: FanfareError | undefined) => unknown;
}

export interface MemberWatch {
  /** The users of the channel, each once, also with several connections. Empty until `ready`. */
  readonly members: readonly Member[];
  /**
   * Settles when the list is complete for the first time.
   *
   * @throws FanfareError the server's refusal, or `closed` if the watch ended before.
   */
  readonly ready: Promise<void>;
  stop(): void;
}

/**
 * Subscribes to a channel to learn who joins and leaves, and reads the list again after each interruption. A read that fails for
 * now, such as with `busy`, is repeated.
 *
 * @param onChange Gets the whole list when it is complete, and again after every change. What it throws becomes the event `error`.
 * @example
 * const watch = watchMembers(connection, 'chat:room', (members) => show(members.map(({ info }) => info.name)));
 */
export function watchMembers(
  connection: Connection,
  channelName: string,
  onChange: (members: readonly Member[]) => unknown,
  options: WatchOptions = {},
): MemberWatch {
  return new Watch(connection, channelName, onChange, options);
}

/**
 * Lists the users who are subscribed to the channel, each once. Sends as many requests as the list has pages.
 *
 * @throws FanfareError the server's refusal, `timeout`, `closed`.
 */
export async function membersOf(channel: Channel<unknown>): Promise<readonly Member[]> {
  // A wide channel may have a user with several connections on several pages.
  const found = new Map<string, Member>();
  let cursor: unknown;
  do {
    const page = await request(channel, 'members', { cursor });
    for (const member of membersIn(page)) found.set(member.user, member);
    cursor = page.next;
  } while (cursor !== undefined);
  return [...found.values()];
}

/** The delay before a failed read is repeated, unless the server names one. Milliseconds. */
const RETRY_MS = 2_000;

class Watch implements MemberWatch {
  readonly ready: Promise<void>;
  readonly #connection: Connection;
  readonly #channelName: string;
  readonly #onChange: (members: readonly Member[]) => unknown;
  readonly #options: WatchOptions;
  readonly #guard: (run: () => unknown) => void;
  readonly #list = new MemberList();
  readonly #stopListening: readonly (() => void)[];
  #settleReady: (error?: FanfareError) => void = () => {};
  #isComplete = false;
  #isOver = false;
  /** Stays the same while the connection rotates from socket to socket; a lost connection ends it. */
  #round: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reads = 0;

  constructor(
    connection: Connection,
    channelName: string,
    onChange: (members: readonly Member[]) => unknown,
    options: WatchOptions,
  ) {
    this.#connection = connection;
    this.#channelName = channelName;
    this.#onChange = onChange;
    this.#options = options;
    this.#guard = guardOf(connection);
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error ? reject(error) : resolve());
    });
    // An application that does not wait for `ready` learns of the failure from `onEnd`.
    this.ready.catch(() => {});
    this.#stopListening = [
      connection.on('state', () => this.#follow()),
      // A rotation loses nothing. The watch reads the list again anyway, so that a wrong list is corrected.
      connection.on('rotated', () => void this.#read(this.#round)),
      onAbort(options.signal, this.stop),
    ];
    if (options.signal?.aborted) this.stop();
    else this.#follow();
  }

  get members(): readonly Member[] {
    return this.#list.members;
  }

  readonly stop = (): void => this.#end();

  #follow(): void {
    const { state } = this.#connection;
    // Without this, the connection would resume the subscription and ask for its messages, which the watch does not use.
    this.#drop();
    if (state === 'closed') this.#end();
    if (state === 'connected') void this.#subscribe();
  }

  #drop(): void {
    this.#round?.abort();
    this.#round = undefined;
    clearTimeout(this.#timer);
  }

  /** Subscribes before it reads: a user who joins in between is in the event and in the list, never in neither. */
  async #subscribe(): Promise<void> {
    const round = new AbortController();
    this.#round = round;
    const subscription = this.#connection.channel(this.#channelName).subscribe(() => {}, {
      ...presenceHandlers({
        onJoined: (member) => this.#hear('joined', member),
        onLeft: (member) => this.#hear('left', member),
      }),
      signal: round.signal,
      onEnd: (error) => error && this.#end(error),
    });
    const isSubscribed = await subscription.ready.then(
      () => true,
      () => false,
    );
    if (isSubscribed) await this.#read(round);
  }

  async #read(round: AbortController | undefined): Promise<void> {
    if (!round || round.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#reads += 1;
    const read = this.#reads;
    // A later read has begun. The reply to this one may lack events that have arrived since.
    const isStale = () => round.signal.aborted || read !== this.#reads;
    this.#list.ask();
    try {
      const members = await membersOf(this.#connection.channel(this.#channelName));
      if (isStale()) return;
      this.#list.answer(members);
      this.#isComplete = true;
      this.#settleReady();
      this.#tell();
    } catch (error) {
      if (isStale() || !(error instanceof FanfareError)) return;
      if (!error.isRetryable) this.#end(error);
      else this.#timer = setTimeout(() => void this.#read(round), error.retryAfter ?? RETRY_MS);
    }
  }

  #hear(event: 'joined' | 'left', member: Member): void {
    if (this.#list.hear(event, member) && this.#isComplete) this.#tell();
  }

  #tell(): void {
    this.#guard(() => this.#onChange(this.#list.members));
  }

  #end(error?: FanfareError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#drop();
    for (const stop of this.#stopListening) stop();
    this.#settleReady(error ?? localError('closed', 499));
    this.#guard(() => this.#options.onEnd?.(error));
  }
}
