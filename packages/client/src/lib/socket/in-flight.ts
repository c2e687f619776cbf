/** The commands of one socket that wait for their replies. Replies come in any order and are matched by `id`. */

import type { Settings } from '../settings/settings.ts';
import type { CommandResult } from '../wire/command-result.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { isFailure, type ServerFrame } from '../wire/server-frame.ts';

export class InFlight {
  readonly #settings: Settings;
  readonly #onOverdue: () => void;
  readonly #waiting = new Map<number, (result?: CommandResult) => void>();
  #lastId = 0;

  constructor(settings: Settings, onOverdue: () => void) {
    this.#settings = settings;
    this.#onOverdue = onOverdue;
  }

  /**
   * Gives a command its id.
   *
   * @param command A JSON object without an id.
   * @returns `result` never rejects; `undefined` if the socket ends first.
   */
  add(command: string): { readonly text: string; readonly result: Promise<CommandResult | undefined> } {
    const { clock, requestTimeoutMs } = this.#settings;
    this.#lastId += 1;
    const id = this.#lastId;
    const result = new Promise<CommandResult | undefined>((resolve) => {
      const cancel = clock.after(requestTimeoutMs, () => {
        this.#settle(id, localError('timeout'));
        this.#onOverdue();
      });
      this.#waiting.set(id, (settled) => {
        cancel();
        resolve(settled);
      });
    });
    return { text: `{"id":${id},${command.slice(1)}`, result };
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
    this.#settle(id, isRefusal ? new FanfareError(frame, this.#settings.isRenewable) : frame);
    return true;
  }

  /** The socket is closed: the commands that still wait get `undefined`. */
  stop(): void {
    for (const id of this.#waiting.keys()) this.#settle(id);
  }

  #settle(id: number, result?: CommandResult): void {
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }
}
