/**
 * Settings of clients that wait as long as a test does. A client that gives up a slow reply or a slow pong repeats, reconnects or fails, and
 * on a slow machine a test would count that.
 */

/** Only a hang takes so long. */
const A_TEST_MS = 600_000;

export const PATIENT_CLIENT = { requestTimeoutMs: A_TEST_MS, heartbeat: { timeoutMs: A_TEST_MS } } as const;
