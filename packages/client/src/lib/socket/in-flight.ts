/** The commands of one socket that wait for their replies, which come in any order and are told apart by their ids. */

import type { Settings } from '../settings/settings.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { isFailure, type ServerFrame } from '../wire/server-frame.ts';

export type Answer = ServerFrame | FanfareError;

export class InFlight {
  readonly #settings: Settings;
  readonly #onOverdue: () => void;
  readonly #waiting = new Map<number, (answer?: Answer) => void>();
  #lastId = 0;

  constructor(settings: Settings, onOverdue: () => void) {
    this.#settings = settings;
    this.#onOverdue = onOverdue;
  }

  /** Gives a command, a JSON object without an id, its id. The answer never rejects. */
  add(command: string): { readonly text: string; readonly answer: Promise<Answer | undefined> } {
    const { clock, requestTimeoutMs } = this.#settings;
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Answer | undefined>((resolve) => {
      const cancel = clock.after(requestTimeoutMs, () => {
        this.#settle(id, localError('timeout'));
        this.#onOverdue();
      });
      this.#waiting.set(id, (settled) => {
        cancel();
        resolve(settled);
      });
    });
    return { text: `{"id":${id},${command.slice(1)}`, answer };
  }

  /**
   * Whether the frame answers something. The gateway's own errors name no command, so they are certain only while a
   * single one is in flight.
   */
  take(frame: ServerFrame): boolean {
    const [only] = this.#waiting.keys();
    const isRefusal = isFailure(frame);
    const id = frame.id ?? (isRefusal && this.#waiting.size === 1 ? only : undefined);
    if (id === undefined) return false;
    this.#settle(id, isRefusal ? new FanfareError(frame, this.#settings.isRenewable) : frame);
    return true;
  }

  /** No reply will come any more. */
  stop(): void {
    for (const id of this.#waiting.keys()) this.#settle(id);
  }

  #settle(id: number, answer?: Answer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}
