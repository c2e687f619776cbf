/**
 * The listeners of a socket that the client itself implements. Not an `EventTarget`: its events carry no data of ours, and React
 * Native has none.
 */

interface Lists {
  readonly open: (() => void)[];
  readonly error: (() => void)[];
  readonly message: ((event: { data: unknown }) => void)[];
  readonly close: ((event: { code: number }) => void)[];
}

/** The arguments of `addEventListener`. */
export type Listening = {
  [Type in keyof Lists]: [type: Type, listener: Lists[Type][number]];
}[keyof Lists];

export class SocketListeners {
  readonly #lists: Lists = { open: [], error: [], message: [], close: [] };

  add(...[type, listener]: Listening): void {
    if (type === 'message') this.#lists.message.push(listener);
    else if (type === 'close') this.#lists.close.push(listener);
    else this.#lists[type].push(listener);
  }

  open(): void {
    for (const listener of this.#lists.open) listener();
  }

  message(data: unknown): void {
    for (const listener of this.#lists.message) listener({ data });
  }

  close(code: number): void {
    for (const listener of this.#lists.close) listener({ code });
  }
}
