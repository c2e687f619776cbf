/** Sends commands by HTTP, one request at a time, so that they keep their order. */

import { COMMANDS_PER_FRAME } from 'fanfare-protocol/limits';
import { isTransient } from '../../wire/errors.ts';
import { fitting } from '../../wire/frame-size.ts';
import type { ServerFrame } from '../../wire/server-frame.ts';
import type { Session } from './session.ts';
import { ABNORMAL, GONE, refusalIn, SocketEnd } from './socket-end.ts';

export interface CommandsOwner {
  /** A frame, or an array of frames, came as the reply. */
  received(text: string): void;
  failed(cause: unknown): void;
}

interface Command {
  readonly text: string;
  readonly id: unknown;
}

export class Commands {
  readonly #session: Session;
  readonly #owner: CommandsOwner;
  readonly #waiting: Command[] = [];
  #isRunning = false;

  constructor(session: Session, owner: CommandsOwner) {
    this.#session = session;
    this.#owner = owner;
  }

  /** Takes one frame: a command, or an array of them. Commands that come while a request is under way share the next one. */
  send(frame: string): void {
    this.#waiting.push(...commandsIn(frame));
    if (this.#isRunning) return;
    this.#isRunning = true;
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#post(this.#next());
      this.#isRunning = false;
    } catch (cause) {
      // The server may have run the commands or not. The core sends them again on the next socket.
      this.#owner.failed(cause);
    }
  }

  #next(): Command[] {
    const fit = fitting(this.#waiting.slice(0, COMMANDS_PER_FRAME), '[]'.length);
    // A command that is larger than a frame goes alone, and the server refuses it.
    return this.#waiting.splice(0, Math.max(1, fit.length));
  }

  async #post(commands: readonly Command[]): Promise<void> {
    const texts = commands.map(({ text }) => text);
    const response = await this.#session.post(texts.length > 1 ? `[${texts}]` : `${texts}`);
    this.#owner.received(response.ok ? await response.text() : await refusals(response, commands));
  }
}

/**
 * Turns the refusal of a request into an error for each of its commands, as a WebSocket would bring them. Lambda itself answers 429 or
 * 502, with a body of its own, when the function is at its limits.
 *
 * @throws SocketEnd if the server has no such session, or if something else answered, such as a proxy.
 */
async function refusals(response: Response, commands: readonly Command[]): Promise<string> {
  const { status } = response;
  if (status === 410) throw new SocketEnd(GONE);
  const refusal = (await refusalIn(response)) ?? busy(status);
  if (!refusal) throw new SocketEnd(ABNORMAL);
  const { code, message, retryAfter } = refusal;
  const errors = commands.map(({ id }) => ({
    event: 'error',
    id,
    code,
    status: refusal.status,
    message,
    retryAfter,
  }));
  return JSON.stringify(errors);
}

function busy(status: number): Pick<ServerFrame, 'code' | 'status' | 'message' | 'retryAfter'> | undefined {
  if (!isTransient(status)) return undefined;
  return { code: 'busy', status: 503, message: `The server answered ${status}.`, retryAfter: undefined };
}

function commandsIn(frame: string): Command[] {
  const parsed: unknown = JSON.parse(frame);
  return [parsed].flat().map((command) => ({ text: JSON.stringify(command), id: idOf(command) }));
}

function idOf(command: unknown): unknown {
  return typeof command === 'object' && command !== null && 'id' in command ? command.id : undefined;
}
