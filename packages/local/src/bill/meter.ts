/** The reports of the runtime's parts to the bill. Each call adds to a few counters, and no call can fail. */

export interface Meter {
  /** A message that was sent by or to a client. `route` is its route key, or `@connections`. */
  message(direction: Direction, route: string, text: string): void;
  /** A handshake that the authorizer let through. */
  handshake(): void;
  connected(connectionId: string): void;
  disconnected(connectionId: string): void;
  /** @param bytes The size of the larger body: that of the request, or that of the reply. */
  httpRequest(routeKey: string, bytes: number): void;
  /** @param durationMs Includes the start of the environment, which Lambda charges as well (PX-6). */
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

/** Counts nothing. */
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
