/** Who is on the other end of a connection, as the gateway vouches for it; never taken from a message. */

export interface Session {
  readonly connectionId: string;
  /** The verified token's subject; absent for an anonymous connection. */
  readonly user: string | undefined;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
}
