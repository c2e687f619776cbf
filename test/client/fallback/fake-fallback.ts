/** A fallback function in memory, in front of the fake server. Tests may block requests as a network does. */

import { URL } from 'node:url';
import type { Clock } from '../../../packages/client/src/lib/platform/clock.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeServer } from '../fake-server.ts';
import type { FakeSocket } from '../fake-socket.ts';

export interface Asked {
  readonly method: string;
  /** Path and query, without the session and the client. */
  readonly target: string;
  readonly session: string;
  readonly client: string | null;
  readonly authorization: string | null;
  readonly body: string;
  readonly signal: AbortSignal | null | undefined;
}

interface Session {
  readonly socket: FakeSocket;
  readonly mailbox: string[];
  /** Called with every push, and with nothing at the end. */
  listener: (frame?: string) => void;
  reply: (frame: string) => void;
}

/** Answers in the function's place; `undefined` leaves it to the function. */
export type Intercept = (asked: Asked) => Response | Promise<Response> | undefined;

/** A network that swallows a request. */
export const NEVER = new Promise<Response>(() => {});

export const FALLBACK_URL = 'https://fake.example/';

/** The interval of a stream's comments, and the longest wait of a poll. Milliseconds. */
const BEAT_MS = 15_000;
const WAIT_MS = 20_000;

export class FakeFallback {
  clock: Clock = new FakeClock();
  readonly server = new FakeServer();
  readonly requests: Asked[] = [];
  intercept: Intercept = () => undefined;
  private readonly sessions = new Map<string, Session>();

  /** To be passed as the option `fetch`. */
  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(String(input));
    const session = url.searchParams.get('session') ?? '';
    const client = url.searchParams.get('client');
    for (const name of ['session', 'client']) url.searchParams.delete(name);
    const headers = new Headers(init.headers);
    const asked: Asked = {
      method: init.method ?? 'GET',
      target: `${url.pathname}${url.search}`,
      session,
      client,
      authorization: headers.get('authorization'),
      body: typeof init.body === 'string' ? init.body : '',
      signal: init.signal,
    };
    this.requests.push(asked);
    const answer = Promise.resolve(this.intercept(asked) ?? this.answerTo(asked));
    return Promise.race([answer, aborted(init.signal)]);
  };

  requestsOf(method: string): Asked[] {
    return this.requests.filter((asked) => asked.method === method);
  }

  /** Sessions that are open. */
  get open(): number {
    return this.sessions.size;
  }

  /** All sessions end, as when their function is killed. */
  kill(): void {
    for (const { socket } of this.sessions.values()) socket.cut();
  }

  /** As the function answers. */
  answerTo(asked: Asked): Response | Promise<Response> {
    const query = new URL(asked.target, FALLBACK_URL).searchParams;
    if (asked.method === 'GET' && asked.target === '/') return this.stream(asked);
    if (query.get('open') === '1') return this.openMailbox(asked);
    const session = this.sessions.get(asked.session);
    if (!session) return refused(410, 'gone');
    if (asked.method === 'POST') return reply(session, asked.body);
    if (asked.method === 'GET') return this.poll(session, query.get('wait') !== '0');
    session.socket.close();
    return new Response(null, { status: 204 });
  }

  private async stream(asked: Asked): Promise<Response> {
    const session = await this.start(asked);
    const { clock } = this;
    const encoder = new TextEncoder();
    const body = new ReadableStream({
      start(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const beat = () =>
          clock.after(BEAT_MS, () => {
            write(':\n\n');
            cancelBeat = beat();
          });
        let cancelBeat = beat();
        write(': welcome\nretry: 1000\n\n');
        session.listener = (frame) => {
          if (frame !== undefined) return write(`data: ${frame}\n\n`);
          cancelBeat();
          controller.close();
        };
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  }

  private async openMailbox(asked: Asked): Promise<Response> {
    await this.start(asked);
    return Response.json({ frames: [], ack: '' });
  }

  /** The fake server sees a socket; whether it accepts WebSockets plays no part. */
  private async start({ session: id, authorization }: Asked): Promise<Session> {
    const { server } = this;
    const { handshakes } = server;
    server.handshakes = 'accepted';
    const socket = new server.webSocket(FALLBACK_URL, [authorization ?? '']);
    await Promise.resolve();
    server.handshakes = handshakes;
    const session: Session = { socket, mailbox: [], listener: () => {}, reply: () => {} };
    this.sessions.set(id, session);
    socket.addEventListener('message', (event: { data: unknown }) => {
      const frame = String(event.data);
      if (/"id":|pong/.test(frame)) return session.reply(frame);
      session.mailbox.push(frame);
      session.listener(frame);
    });
    socket.addEventListener('close', () => {
      this.sessions.delete(id);
      session.listener();
    });
    return session;
  }

  private poll(session: Session, isLong: boolean): Promise<Response> {
    const { mailbox } = session;
    const answer = () =>
      Response.json({ frames: mailbox.splice(0).map((frame) => JSON.parse(frame)), ack: 'next' });
    if (mailbox.length > 0 || !isLong) return Promise.resolve(answer());
    return new Promise((resolve) => {
      const cancel = this.clock.after(WAIT_MS, () => resolve(answer()));
      session.listener = (frame) => {
        cancel();
        resolve(frame === undefined ? refused(410, 'gone') : answer());
      };
    });
  }
}

function reply(session: Session, body: string): Promise<Response> {
  return new Promise((resolve) => {
    session.reply = (frame) => resolve(new Response(frame));
    session.socket.send(body);
  });
}

/** The refusal of the function. */
export function refused(status: number, code: string, retryAfter?: number): Response {
  return Response.json({ code, status, message: `It is ${code}.`, retryAfter }, { status });
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')));
  });
}
