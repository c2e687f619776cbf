/** The most memory that a process needs to deliver to few and to many connections, batch after batch. */

import { resultOf } from '../child.ts';
import { memory } from './rounds.ts';
import { startEndpoint } from './start-endpoint.ts';

export const FEW = 10_000;
export const MANY = 100_000;

/** Garbage stays until the heap is full, so the heap is small: megabytes for objects that have lived for a while. */
export const HEAP_MEGABYTES = 48;

/** Resident megabytes. */
export interface Peaks {
  readonly few: number;
  readonly many: number;
}

export async function measurePeaks(): Promise<Peaks> {
  return { few: await peakOf(FEW), many: await peakOf(MANY) };
}

/** Each in a process of its own, over TLS. */
async function peakOf(connections: number): Promise<number> {
  const { url, ca, close } = await startEndpoint({ tls: true });
  const module = new URL('./measure-memory.ts', import.meta.url);
  const flags = [`--max-old-space-size=${HEAP_MEGABYTES}`];
  const { peakMegabytes } = await resultOf(module, { url, ca, connections }, memory, flags);
  close();
  return Math.round(peakMegabytes);
}
