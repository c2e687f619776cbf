/** The server side of an example: `server.ts` in its folder, which the local runtime runs once a page of the example is opened. */

interface LocalStage {
  readonly webSocketUrl: string;
  /** The HTTP API. */
  readonly apiUrl: string;
  /** A token for a connection. */
  userToken(user: string): Promise<string>;
  /** A token for the HTTP API. */
  serverToken(user: string): Promise<string>;
  /** Aborts when the runtime ends. */
  readonly signal: AbortSignal;
}

/** Settles when it is ready for the page. */
export type ServerSide = (stage: LocalStage) => Promise<void>;
