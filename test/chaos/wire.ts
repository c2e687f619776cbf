/** A plain connection that repeats a command until the server answers it for good, over as many sockets as that takes. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocketConstructor, WebSocketLike } from 'fanfare-client';
import * as v from 'valibot';

const reply = v.looseObject({
  id: v.optional(v.string()),
  event: v.optional(v.string()),
  status: v.optional(v.number()),
});

export type Reply = v.InferOutput<typeof reply>;

/** After this time without a reply, the command is sent again. Each repetition waits twice as long: a slow machine must be able to catch up. Milliseconds. */
const PATIENCE_MS = 5_000;
const LONGEST_PATIENCE_MS = 40_000;

/** Before a command is sent again. Milliseconds. */
const PAUSE_MS = 100;

const SUBPROTOCOL = 'fanfare.v1';

export class Wire {
  private readonly url: string;
  private readonly webSocket: WebSocketConstructor;
  private readonly waiting = new Map<string, (reply: Reply | undefined) => void>();
  private socket: Promise<WebSocketLike | undefined> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(url: string, webSocket: WebSocketConstructor) {
    this.url = url;
    this.webSocket = webSocket;
  }

  /**
   * One command after the other: the gateway's own error, after a function was killed, does not name its command.
   *
   * @returns the reply, which may be a refusal; `undefined` after `close`.
   */
  ask(command: object): Promise<Reply | undefined> {
    const answer = this.last.then(() => this.untilAnswered(command));
    this.last = answer;
    return answer;
  }

  private async untilAnswered(command: object): Promise<Reply | undefined> {
    for (
      let patienceMs = PATIENCE_MS;
      !this.isClosed;
      patienceMs = Math.min(2 * patienceMs, LONGEST_PATIENCE_MS)
    ) {
      const answer = await this.attempt(command, patienceMs);
      if (answer && !isTransient(answer)) return answer;
      await sleep(PAUSE_MS);
    }
    return undefined;
  }

  close(): void {
    this.isClosed = true;
    void this.socket?.then((socket) => socket?.close());
    this.nothingComes();
  }

  private async attempt(command: object, patienceMs: number): Promise<Reply | undefined> {
    this.socket ??= this.open();
    const socket = await this.socket;
    if (!socket) return undefined;
    const id = randomUUID();
    return new Promise((resolve) => {
      const settle = (answer: Reply | undefined) => {
        clearTimeout(patience);
        this.waiting.delete(id);
        resolve(answer);
      };
      const patience = setTimeout(settle, patienceMs, undefined);
      this.waiting.set(id, settle);
      socket.send(JSON.stringify({ ...command, id }));
    });
  }

  private open(): Promise<WebSocketLike | undefined> {
    return new Promise((resolve) => {
      const socket = new this.webSocket(this.url, [SUBPROTOCOL]);
      socket.addEventListener('open', () => resolve(socket));
      socket.addEventListener('message', ({ data }) => this.hear(String(data)));
      // A refused handshake is an error and a close.
      socket.addEventListener('error', () => resolve(undefined));
      socket.addEventListener('close', () => {
        this.socket = undefined;
        this.nothingComes();
        resolve(undefined);
      });
    });
  }

  private hear(text: string): void {
    const { success, output } = v.safeParse(reply, JSON.parse(text));
    if (!success) return;
    if (output.event === undefined) this.nothingComes();
    if (output.id !== undefined) this.waiting.get(output.id)?.(output);
  }

  private nothingComes(): void {
    for (const settle of [...this.waiting.values()]) settle(undefined);
  }
}

function isTransient({ event, status = 0 }: Reply): boolean {
  return event === 'error' && (status >= 500 || status === 429);
}
