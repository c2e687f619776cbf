/**
 * A WebSocket that sends a command above 32 KB by HTTP. API Gateway closes the connection at a larger frame (LM-4), and a page cannot cut a
 * message into frames (decision 65).
 */

import { FRAME_BYTES } from 'fanfare-protocol/limits';
import { type Listening, SocketListeners } from '../../platform/socket-listeners.ts';
import type { WebSocketLike } from '../../platform/web-socket.ts';
import { bytesOf } from '../../wire/frame-size.ts';
import { NOT_ALLOWED, TOKEN_REFUSED } from './socket-end.ts';

/** What the reply says when there is no reply, by the code with which the session over HTTP ended. */
const REFUSALS: ReadonlyMap<number, { readonly code: string; readonly status: number }> = new Map([
  // The handshake of the WebSocket accepted the same token, so it has expired since.
  [TOKEN_REFUSED, { code: 'token-expired', status: 401 }],
  [NOT_ALLOWED, { code: 'forbidden', status: 403 }],
]);

/** The command was carried out, or not. The client sends it again if it has a key. */
const NO_REPLY = { code: 'disconnected', status: 503 };

/** One command on its way. */
interface Upload {
  /** Over HTTP. */
  readonly socket: WebSocketLike;
  /** The id of the latest attempt. */
  id: unknown;
}

export class LargeCommands implements WebSocketLike {
  readonly #listeners = new SocketListeners();
  readonly #socket: WebSocketLike;
  readonly #dial: () => WebSocketLike;
  readonly #uploads = new Map<string, Upload>();

  /** @param dial opens a socket over HTTP, for one command. */
  constructor(socket: WebSocketLike, dial: () => WebSocketLike) {
    this.#socket = socket;
    this.#dial = dial;
    socket.addEventListener('open', () => this.#listeners.open());
    socket.addEventListener('message', ({ data }) => this.#listeners.message(data));
    socket.addEventListener('close', ({ code }) => {
      this.#stop();
      this.#listeners.close(code);
    });
    // The `close` event follows. The package `ws` throws errors that have no listener.
    socket.addEventListener('error', () => {});
  }

  addEventListener(...listening: Listening): void {
    this.#listeners.add(...listening);
  }

  send(frame: string): void {
    if (bytesOf(frame) <= FRAME_BYTES) this.#socket.send(frame);
    else this.#upload(frame);
  }

  close(code?: number): void {
    this.#stop();
    this.#socket.close(code);
  }

  terminate(): void {
    this.#stop();
    this.#socket.terminate?.();
  }

  /** A slow link takes longer than the client waits. A repetition then gets the reply to the upload that is under way. */
  #upload(frame: string): void {
    const command = fieldsOf(frame);
    const { id, ...others } = command;
    const name = hasKey(command) ? JSON.stringify(others) : frame;
    const underWay = this.#uploads.get(name);
    if (underWay) underWay.id = id;
    else this.#begin(name, { socket: this.#dial(), id }, frame);
  }

  #begin(name: string, upload: Upload, frame: string): void {
    const { socket, id: sent } = upload;
    this.#uploads.set(name, upload);
    const answer = (reply: object) => {
      if (!this.#uploads.delete(name)) return;
      this.#listeners.message(JSON.stringify({ ...reply, id: upload.id }));
      socket.close(1000);
    };
    socket.addEventListener('open', () => socket.send(frame));
    socket.addEventListener('message', ({ data }) => {
      // All other frames of that session reach the WebSocket by themselves.
      const reply = fieldsOf(String(data));
      if (reply['id'] === sent) answer(reply);
    });
    socket.addEventListener('close', ({ code }) => {
      const message = 'The command is larger than a frame, and could not be sent by HTTP.';
      answer({ event: 'error', ...(REFUSALS.get(code) ?? NO_REPLY), message });
    });
  }

  #stop(): void {
    const uploads = [...this.#uploads.values()];
    this.#uploads.clear();
    for (const { socket } of uploads) socket.close(1000);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The first command or reply of a frame. A command that is larger than a frame is alone. */
function fieldsOf(frame: string): Fields {
  const [first]: unknown[] = [JSON.parse(frame)].flat();
  return typeof first === 'object' && first !== null ? { ...first } : {};
}

/** Whether the same command twice is meant to run once. Each message of a publish has its key. */
function hasKey(command: Fields): boolean {
  return 'key' in command || 'messages' in command;
}
