/** What the channel log needs from a database: every method is one request, and atomic. */
/** Stands for the head of a channel in which nothing was ever published: position 0 is before the first message. */
export const NEVER_USED = { seq: 0, createdAt: 0, shards: 1 };
/** @param entries at least one. */
export function batchOf(entries) {
    const numbers = entries.map(({ record }) => record.seq);
    return { from: Math.min(...numbers), to: Math.max(...numbers) };
}
/** The first number of the channel: no lower one was ever given out. */
export function firstOf({ createdAt }) {
    return createdAt + 1;
}
/** True for a number that has no message and never will. */
export function isVoid(record) {
    return 'void' in record;
}
