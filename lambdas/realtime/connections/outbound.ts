/** The way to clients: the gateway's management API for sockets, mailboxes for sessions over HTTP. */

/** The outcome of one attempt: 200, 410, 429, an error of the platform or no answer, or a refusal. */
export type PostOutcome = 'sent' | 'gone' | 'throttled' | 'failed' | Refusal;

/** The platform says that our request was wrong. */
export interface Refusal {
  /** Whether it would refuse only this post, or every other post as well: a wrong grant, signature, endpoint or frame. */
  readonly refused: 'this post' | 'every post';
  /** For the log. */
  readonly reason: string;
}

/** The outcome of closing a connection. A connection that is gone already is fine. One that is still connecting is `gone` (HS-15). */
export type Closing = 'closed' | 'gone';

export interface Closer {
  /** Closes the connection from this side. */
  disconnect(connectionId: string): Promise<Closing>;
}

export interface Outbound extends Closer {
  /** Makes one attempt. A failure of the platform or the network is an outcome, not an error. */
  post(connectionId: string, frame: Uint8Array): Promise<PostOutcome>;
  /** Why the last post failed, for the log. */
  whyFailed?(): string | undefined;
}
