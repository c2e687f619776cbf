/** One session of the fallback function: the requests that make up one connection (docs/fallbacks.md). */

import { newKey } from '../../platform/random-key.ts';
import { endOf } from './socket-end.ts';

export interface SessionOptions {
  /** Of the fallback function, as the stack's output `FallbackUrl` has it. */
  readonly url: string;
  /** Goes into a header, never into the URL, which logs would have. */
  readonly token: string | undefined;
  /** The name that the client made up for itself: it is the same for all its sessions. */
  readonly client: string;
  readonly fetch: typeof globalThis.fetch;
}

type Parameters = Readonly<Record<string, string>>;

export class Session {
  readonly #options: SessionOptions;
  readonly #id = newKey();
  /** Of each method one request is under way. Each has a signal of its own: listeners of a shared one would add up for hours. */
  readonly #underWay = new Map<string, AbortController>();
  #isOver = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** @throws SocketEnd when it is refused, and what `fetch` throws. */
  async get(path: '' | 'poll', parameters: Parameters = {}): Promise<Response> {
    const response = await this.#request(path, parameters, { signal: this.#signal('GET') });
    if (!response.ok) throw await endOf(response);
    return response;
  }

  /** Sends a frame. The answer may be a refusal. */
  post(body: string): Promise<Response> {
    return this.#request('', {}, { method: 'POST', body, signal: this.#signal('POST') });
  }

  /** Calls off what is under way. */
  stop(): void {
    this.#isOver = true;
    for (const controller of this.#underWay.values()) controller.abort();
  }

  /**
   * Ends it on the server, too, which may not notice by itself: a function that streams learns late or never that nobody
   * reads. The page may be about to go, so the request may outlive it; if it does not arrive, the session ends by its age.
   */
  remove(): void {
    this.#request('', {}, { method: 'DELETE', keepalive: true }).catch(() => {});
  }

  #signal(method: 'GET' | 'POST'): AbortSignal {
    const controller = new AbortController();
    if (this.#isOver) controller.abort();
    this.#underWay.set(method, controller);
    return controller.signal;
  }

  #request(path: string, parameters: Parameters, init: RequestInit): Promise<Response> {
    const { url, token, client, fetch } = this.#options;
    const target = new URL(url);
    target.pathname = `${target.pathname.replace(/\/+$/, '')}/${path}`;
    for (const [name, value] of Object.entries({ session: this.#id, client, ...parameters })) {
      target.searchParams.set(name, value);
    }
    return fetch(target, {
      ...init,
      ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
      // The token is all there is to show, and to nobody else: no cookies, and no following to where a portal points.
      credentials: 'omit',
      redirect: 'error',
    });
  }
}
