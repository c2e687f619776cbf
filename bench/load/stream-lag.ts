/** How long the readers of streams take for 100,000 clients that come back, by arithmetic on the manifest and the settings of a stage. */

import { ENTRIES_PER_CALL } from '../../lambdas/aws/event-bridge.ts';
import { SUBJECTS_IN_FLIGHT } from '../../lambdas/events/stream-event.ts';
import { type FunctionManifest, manifest } from '../../lambdas/manifest/manifest.ts';
import type { Row } from '../report.ts';
import { latencies } from '../simulator/assumptions.ts';
import { count } from '../simulator/formatted.ts';
import { meanMs } from '../simulator/latency.ts';
import { stageLimits } from './stage-limits.ts';

const CLIENTS = 100_000;
const ROOM = 50;

/** A new on-demand table has four partitions, and its stream a shard for each. */
const SHARDS = 4;

/** Lambda's default, which the mappings leave as it is. */
const BATCH = 100;

/** Every request takes its mean time, or twice that. */
export type Slowness = 1 | 2;

type Reader = 'connection-events' | 'channel-events' | 'presence';

interface Work {
  /** Of one client that goes and comes back. */
  readonly changes: number;
  /** Milliseconds for a batch. */
  readonly batchMs: (slowness: Slowness) => number;
}

const REQUEST_MS = meanMs(latencies.write.value);

/** EventBridge, and the start of a run. Both are assumed to take what the queue of Lambda takes. */
const CALL_MS = meanMs(latencies.invoke.value);

/** Several changes are handled at the same time, `requests` requests each and, for half of them, an event. Milliseconds. */
const eachMs = (requests: number) => (BATCH / SUBJECTS_IN_FLIGHT) * (requests * REQUEST_MS + CALL_MS / 2);

/** By the code of each reader: its requests, one after the other. */
const work: Readonly<Record<Reader, Work>> = {
  'connection-events': {
    changes: 2,
    batchMs: (slowness) => slowness * (BATCH / ENTRIES_PER_CALL) * CALL_MS,
  },
  // The channel of the user is vacated and occupied again, which takes nine requests. A room in which others are left takes three.
  'channel-events': { changes: 4, batchMs: (slowness) => slowness * eachMs((9 + 3) / 2) },
  // A user who goes takes three requests. One who comes back takes ten, and a post for each member of the room, at the pace of a container.
  presence: {
    changes: 2,
    batchMs: (slowness) =>
      slowness * eachMs((3 + 10) / 2) + ((BATCH / 2) * ROOM * 1000) / stageLimits.postsPerSecond,
  },
};

export const streamReaders: readonly Reader[] = ['connection-events', 'channel-events', 'presence'];

/** Seconds from the moment at which all clients come back until a reader has handled the last change. */
export function lagSeconds(reader: Reader, slowness: Slowness, batchesPerShard: number): number {
  const { changes, batchMs } = work[reader];
  const batches = (CLIENTS * changes) / BATCH;
  const busyMs = (batches * (batchMs(slowness) + slowness * CALL_MS)) / (SHARDS * batchesPerShard);
  return gatherSecondsOf(reader) + busyMs / 1000;
}

function gatherSecondsOf(reader: Reader): number {
  const { trigger }: FunctionManifest = manifest[reader];
  return trigger.kind === 'stream' ? trigger.gatherSeconds : 0;
}

export function streamLagRows(): readonly Row[] {
  return streamReaders.map((reader) => [
    reader,
    `${gatherSecondsOf(reader)} s`,
    range(reader, 1),
    range(reader, stageLimits.batchesPerShard),
  ]);
}

/** How long the posts of presence take in the same case: one to each member of the room for each who comes back. */
export const postMinutes = (CLIENTS * ROOM) / stageLimits.postsPerSecond / 60;

function range(reader: Reader, batchesPerShard: number): string {
  const [fast, slow] = ([1, 2] as const).map((slowness) => lagSeconds(reader, slowness, batchesPerShard));
  return `${duration(fast)} to ${duration(slow)}`;
}

function duration(seconds = 0): string {
  return seconds < 120 ? `${count(Math.round(seconds))} s` : `${(seconds / 60).toFixed(1)} min`;
}
