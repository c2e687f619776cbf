/** A live list of who is in a channel, for namespaces with presence. */

import type { Connection } from './lib/connection.ts';
import { MemberList } from './lib/member-list.ts';
import { FanfareError } from './lib/wire/errors.ts';
import type { Member } from './lib/wire/server-frame.ts';

export interface WatchOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** No change will be told any more: stopped, closed, or refused, which comes with the error. */
  readonly onEnd?: (error: FanfareError | undefined) => unknown;
}

export interface MemberWatch {
  /** Everybody who is there, each user once, however many connections they have. */
  readonly members: readonly Member[];
  /**
   * Settles when the list is complete for the first time.
   * @throws FanfareError when it is refused or ended before.
   */
  readonly ready: Promise<void>;
  stop(): void;
}

/**
 * Subscribes to a channel for who comes and goes, and reads again who is there after each interruption.
 *
 * @param onChange called with the whole list when it is complete, and then with every change.
 *
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

/** Where the server does not say when to try again. Milliseconds. */
const RETRY_MS = 2_000;

class Watch implements MemberWatch {
  readonly ready: Promise<void>;
  readonly #connection: Connection;
  readonly #channelName: string;
  readonly #onChange: (members: readonly Member[]) => unknown;
  readonly #options: WatchOptions;
  readonly #list = new MemberList();
  readonly #stopListening: readonly (() => void)[];
  #settleReady: (error?: FanfareError) => void = () => {};
  #isComplete = false;
  #isOver = false;
  /** The subscription of this socket and of those that it rotates to. */
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
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error ? reject(error) : resolve());
    });
    // Whoever does not wait for it is told by `onEnd`.
    this.ready.catch(() => {});
    this.#stopListening = [
      connection.on('state', () => this.#follow()),
      // Nothing was missed. But a list that is read now and then heals whatever was wrong with it.
      connection.on('rotated', () => void this.#read(this.#round)),
    ];
    options.signal?.addEventListener('abort', this.stop);
    if (options.signal?.aborted) this.stop();
    else this.#follow();
  }

  get members(): readonly Member[] {
    return this.#list.members;
  }

  readonly stop = (): void => this.#end();

  #follow(): void {
    const { state } = this.#connection;
    // What it was subscribed to without a socket would be sent again, and nobody wants it.
    this.#drop();
    if (state === 'closed') this.#end();
    if (state === 'connected') void this.#subscribe();
  }

  #drop(): void {
    this.#round?.abort();
    this.#round = undefined;
    clearTimeout(this.#timer);
  }

  /** First the subscription, then the list: who comes in between comes both ways, and nobody neither way. */
  async #subscribe(): Promise<void> {
    const round = new AbortController();
    this.#round = round;
    const subscription = this.#connection.channel(this.#channelName).subscribe(() => {}, {
      signal: round.signal,
      onJoined: (member) => this.#hear('joined', member),
      onLeft: (member) => this.#hear('left', member),
      onEnd: (error) => error && this.#end(error),
    });
    const isThere = await subscription.ready.then(
      () => true,
      () => false,
    );
    if (isThere) await this.#read(round);
  }

  async #read(round: AbortController | undefined): Promise<void> {
    if (!round || round.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#reads += 1;
    const read = this.#reads;
    // An answer to an earlier question may lack what was heard since.
    const isStale = () => round.signal.aborted || read !== this.#reads;
    this.#list.ask();
    try {
      const members = await this.#connection.channel(this.#channelName).members();
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
    this.#onChange(this.#list.members);
  }

  #end(error?: FanfareError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#drop();
    for (const stop of this.#stopListening) stop();
    this.#options.signal?.removeEventListener('abort', this.stop);
    this.#settleReady(error ?? new FanfareError({ code: 'closed', status: 499, message: 'Closed.' }));
    this.#options.onEnd?.(error);
  }
}
