/** The ports by which the smoke command reaches a stage. Tests replace each of them. */

import type { Account } from './aws/account.ts';
import type { LogSearch } from './aws/log-search.ts';
import type { Management } from './management.ts';
import type { Patience } from './patience.ts';
import type { Places } from './places.ts';
import type { Wrapping } from './wrapping.ts';

export interface Handshake {
  /** Behind the stage's path. @default nothing */
  readonly path?: string;
  /** The token in `?token=`. */
  readonly query?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** An open socket without any comfort, because the facts are about frames. */
export interface Wire {
  /** The subprotocol that the server chose; empty if it chose none. */
  readonly protocol: string;
  /** Settles when the socket is closed, from either end. */
  readonly closed: Promise<Closing>;
  send(text: string): void;
  /** One message, a frame for each part. */
  sendFragments(parts: readonly string[]): void;
  sendBinary(bytes: Uint8Array): void;
  /** A control frame, which reaches no function (KA-4). */
  sendPingFrame(): void;
  close(): void;
  /** Loses the TCP connection: no close frame is sent. */
  cut(): void;
}

export type Entry =
  | { readonly kind: 'open'; readonly wire: Wire }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string };

/** @param onText called for each text message, from the first one on. */
export type OpenSocket = (handshake: Handshake, onText: (text: string) => void) => Promise<Entry>;

export interface GivenTokens {
  /** Of one user or two. Without any, tokens are signed with the secret. */
  readonly users: readonly string[];
  /** For the HTTP API. */
  readonly server?: string;
}

/** What the operator says of an application, beside where its stage is. */
export interface Terms {
  /** Tokens that the operator has handed over. */
  readonly given: GivenTokens;
  /** Where facts play. */
  readonly places: Places;
  /** The form of the messages that the application takes. */
  readonly wrapping: Wrapping;
}

export interface Stage extends Terms {
  readonly name: string;
  /** Of the WebSocket API, for the report. */
  readonly url: string;
  /** Signs the stage's own tokens; `undefined` if the operator may not read it. */
  readonly secret: string | undefined;
  readonly open: OpenSocket;
  /** For the HTTP API and the fallback. */
  readonly fetch: typeof globalThis.fetch;
  readonly apiUrl: string;
  /** Without a slash at the end; `undefined` where the fallback is off. */
  readonly fallbackUrl: string | undefined;
  readonly management: Management;
  /** Puts an event on the default bus. */
  readonly putEvent: (detailType: string, detail: unknown) => Promise<void>;
  /** How often the function `default` has run. Only the local runtime's bill has this number. */
  readonly runsOfDefault: (() => Promise<number>) | undefined;
  /** Only on AWS. */
  readonly account: Account | undefined;
  /** Only on AWS. */
  readonly logs: LogSearch | undefined;
  readonly patience: Patience;
}
