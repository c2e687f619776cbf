/** One HTTP session of the fallback function: the requests of one socket (docs/fallbacks.md). */

import { newKey } from '../../platform/random-key.ts';
import { endOf } from './socket-end.ts';

export interface SessionOptions {
  /** The output `FallbackUrl` of the stack. */
  readonly url: string;
  /** Sent in a header. Logs would contain it if it were in the URL. */
  readonly token: string | undefined;
  /** The client's random name, the same in all of its sessions. */
  readonly client: string;
  readonly fetch: typeof globalThis.fetch;
}

/** How long the request that ends a session may take. Node does not count this timer as a reason to stay alive. Milliseconds. */
const REMOVE_MS = 500;

type Parameters = Readonly<Record<string, string>>;

export class Session {
  readonly #options: SessionOptions;
  readonly #id = newKey();
  /** One request of each method is under way. Each has its own signal: listeners on a shared one would add up over hours. */
  readonly #underWay = new Map<string, AbortController>();
  #isOver = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** @throws SocketEnd if the server refuses it, and what `fetch` throws. */
  async get(path: '' | 'poll', parameters: Parameters = {}): Promise<Response> {
    const response = await this.#request(path, parameters, { signal: this.#signal('GET') });
    if (!response.ok) throw await endOf(response);
    return response;
  }

  /** Sends a frame. The response may be a refusal. @throws what `fetch` throws. */
  post(body: string): Promise<Response> {
    return this.#request('', {}, { method: 'POST', body, signal: this.#signal('POST') });
  }

  /** Aborts the requests that are under way. */
  stop(): void {
    this.#isOver = true;
    for (const controller of this.#underWay.values()) controller.abort();
  }

  /**
   * Ends the session on the server. Lambda tells a streaming function late or never that its reader has left. The page may be
   * closing, so the request may outlive it (`keepalive`). It has a limit, because it keeps Node alive. If it does not arrive, the
   * server ends the session by its age.
   */
  forget(): void {
    const signal = AbortSignal.timeout(REMOVE_MS);
    this.#request('', {}, { method: 'DELETE', keepalive: true, signal }).catch(() => {});
  }

  #signal(method: 'GET' | 'POST'): AbortSignal {
    const controller = new AbortController();
    if (this.#isOver) controller.abort();
    this.#underWay.set(method, controller);
    return controller.signal;
  }

  #request(path: string, parameters: Parameters, init: RequestInit): Promise<Response> {
    const { url, token, client, fetch } = this.#options;
    // By text: the `URL` of React Native cannot be changed.
    const [, place = '', query = ''] = /^([^?#]*)\??([^#]*)/.exec(url) ?? [];
    const named = Object.entries({ session: this.#id, client, ...parameters });
    const pairs = named.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const target = `${place.replace(/\/+$/, '')}/${path}?${[query, ...pairs].filter(Boolean).join('&')}`;
    return fetch(target, {
      ...init,
      ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
      // No cookies: the token is the only credential. No redirects: a captive portal must not get it.
      credentials: 'omit',
      redirect: 'error',
    });
  }
}
