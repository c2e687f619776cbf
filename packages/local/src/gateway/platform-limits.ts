/** The limits that API Gateway sets to every WebSocket API. The numbers in brackets are facts of the behaviour specification. */

const KB = 1024;
const MINUTE_MS = 60_000;

/** A larger frame closes the connection with 1009 (LM-4). Bytes. */
export const FRAME_BYTES = 32 * KB;

/** A larger message closes the connection with 1009. The same limit holds for posts and replies (LM-3). Bytes. */
export const MESSAGE_BYTES = 128 * KB;

/** A connection on which neither side sent anything for this time is closed (KA-1). Milliseconds. */
export const IDLE_TIMEOUT_MS = 10 * MINUTE_MS;

/** Every connection is closed at this age (KA-6). Milliseconds. */
export const CONNECTION_LIFETIME_MS = 120 * MINUTE_MS;
