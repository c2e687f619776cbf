/**
 * Sends all writes of one turn of the event loop together at its end. Waking a reader for each write would take a broadcast longer than
 * the writes themselves.
 */

import type { Writable } from 'node:stream';

const held = new Set<Writable>();

/** Holds the writes to the stream back until the turn ends. */
export function writeTogether(stream: Writable): void {
  if (held.has(stream)) return;
  if (held.size === 0) setImmediate(release);
  held.add(stream);
  stream.cork();
}

function release(): void {
  const streams = [...held];
  held.clear();
  for (const stream of streams) stream.uncork();
}
