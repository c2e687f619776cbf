/** The commands of one socket that wait for their replies. Replies come in any order and are matched by `id`. */

import type { Settings } from '../settings/settings.ts';
import type { Command, CommandResult } from '../wire/command-result.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { isFailure, type ServerFrame } from '../wire/server-frame.ts';

/** How often a reply may be overdue: API Gateway replies within 29 s, with an error if a function has not. */
const PATIENCE = 3;

export interface InFlightOwner {
  /** Settles when the server has answered a ping, or the socket has ended. */
  answers(): Promise<unknown>;
  send(frame: string): void;
}

export class InFlight {
  readonly #settings: Settings;
  readonly #owner: InFlightOwner;
  readonly #waiting = new Map<number, (result?: CommandResult) => void>();
  #lastId = 0;

  constructor(settings: Settings, owner: InFlightOwner) {
    this.#settings = settings;
    this.#owner = owner;
  }

  /**
   * Gives a command its id. A repetition has the same id, so the reply to any attempt counts.
   *
   * @param frame Gets the text of the command with its id.
   * @returns The reply, which never rejects; `undefined` if the socket ends first.
   */
  add(
    { text: command, repeats, again = command }: Command,
    frame: string[],
  ): Promise<CommandResult | undefined> {
    const { timers: clock, requestTimeoutMs } = this.#settings;
    this.#lastId += 1;
    const id = this.#lastId;
    const withId = (text: string) => `{"id":${id},${text.slice(1)}`;
    const timer = clock.timer();
    let left = repeats === undefined ? 1 : PATIENCE;
    const overdue = async (): Promise<void> => {
      // A slow link delivers the reply before the pong. Then the command is not sent again.
      await this.#owner.answers();
      left -= 1;
      if (!this.#waiting.has(id)) return;
      if (left <= 0) return this.#settle(id, localError('timeout', 408));
      if (repeats) this.#owner.send(withId(again));
      timer(requestTimeoutMs, overdue);
    };
    timer(requestTimeoutMs, overdue);
    frame.push(withId(command));
    return new Promise((resolve) => {
      this.#waiting.set(id, (settled) => {
        timer();
        resolve(settled);
      });
    });
  }

  /**
   * Takes the frame if it is a reply, and says whether it is. An error of API Gateway itself has no id. It belongs to a command
   * for certain only while exactly one is in flight.
   */
  take(frame: ServerFrame): boolean {
    const [only] = this.#waiting.keys();
    const isRefusal = isFailure(frame);
    const id = frame.id ?? (isRefusal && this.#waiting.size === 1 ? only : undefined);
    if (id === undefined) return false;
    const result = isRefusal ? new FanfareError(frame, this.#settings.isRenewable) : frame;
    this.#settle(id, result);
    return true;
  }

  /** The socket is closed: the commands that still wait get `undefined`. */
  end(): void {
    for (const id of this.#waiting.keys()) this.#settle(id);
  }

  #settle(id: number, result?: CommandResult): void {
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }
}
