/**
 * Every number that the client goes by, with its reason. In a module without imports, a bundler can write them where they
 * are used.
 */

/** Concurrent posts to one connection may overtake each other (OR-3), seldom by more than this. Milliseconds. */
export const GAP_MS = 500;

/** A loop that falls behind by more ends with `overflow`; it can go on from its position. Messages. */
export const MOST_WAITING = 10_000;

/** The platform gives up a handshake after 29 s; a little more covers the way. Milliseconds. */
export const OPEN_TIMEOUT_MS = 35_000;

/** The server knows a key for ten minutes; a repetition after that might land twice, so it is not tried. Milliseconds. */
export const KEY_LIFETIME_MS = 540_000;

/** What the id adds to a command: `"id":`, the largest number, and a comma. Bytes. */
export const ID_BYTES = 22;

/** Milliseconds. */
export const MINUTE = 60_000;

/** Part of the age of a connection, so that clients that came together do not rotate together. */
export const ROTATION_JITTER = 0.1;

/** Part of a token's time that is used, before jitter; the rest is for getting the next one, and for clocks. */
export const RENEWAL = 0.9;
