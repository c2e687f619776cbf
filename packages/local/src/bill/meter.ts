/** What the parts of the runtime report to the bill: each call is a few counters, and none can fail. */

export interface Meter {
  /** A message of a client, or to one, that was really sent. `route` is its route key, or `@connections`. */
  message(direction: Direction, route: string, text: string): void;
  /** A handshake that the authorizer let through. */
  handshake(): void;
  connected(connectionId: string): void;
  disconnected(connectionId: string): void;
  /** @param bytes of the body of the request, or of the reply's if that is larger. */
  httpRequest(routeKey: string, bytes: number): void;
  /** @param durationMs including the start of the environment, which is paid for, too (PX-6). */
  invocation(functionName: string, durationMs: number, streamedBytes: number): void;
  capacity(consumed: ConsumedCapacity): void;
  event(busName: string, bytes: number): void;
  secretCall(secretName: string): void;
}

export type Direction = 'in' | 'out';

export interface ConsumedCapacity {
  readonly kind: 'read' | 'write';
  readonly tableName: string;
  /** A multiple of a half. */
  readonly units: number;
}

/** Where nobody counts. */
export const NO_METER: Meter = {
  message() {},
  handshake() {},
  connected() {},
  disconnected() {},
  httpRequest() {},
  invocation() {},
  capacity() {},
  event() {},
  secretCall() {},
};
