/**
 * What is written in one turn of the event loop leaves at its end, all at once: a reader that is woken for each write costs a
 * broadcast more than the writes themselves.
 */

import type { Writable } from 'node:stream';

const held = new Set<Writable>();

/** Holds back what is written to the stream from now on, until the turn ends. */
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
