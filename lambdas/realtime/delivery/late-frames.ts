/**
 * What happens to frames that are late because the account is over its quota: a pure policy, and the store that it asks. A late frame
 * that is of no more use is dropped, so that the quota is used for newer ones.
 */

import type { Stragglers } from './delivery-task.ts';

/** The newest frame of each channel that workers have for every subscriber who has not got it. */
export interface LateFrames {
  /**
   * Notes a frame, by its last number. Only after the workers for all its missed subscribers were started: a note without them would
   * drop older frames for a frame that no one sends.
   */
  note(channel: string, seq: number): Promise<void>;
}

export interface NewestLateFrame {
  /** The last number of the newest frame that was noted in the last hour. */
  newest(channel: string): Promise<number | undefined>;
}

/** A frame that is late by less is still posted. Milliseconds. */
export const LATE_MS = 10_000;

/** A frame that is late by more is given up, with an error in the log. Its recipients stay connected. Milliseconds. */
export const LATEST_MS = 60 * 60 * 1000;

/** @returns why the frame is of no more use, for the log; `undefined` if it is still to be posted. */
export async function uselessness(
  late: NewestLateFrame,
  { broadcast: { channel, isLive, lastSeq }, lateSince }: Stragglers,
  now: number,
): Promise<string | undefined> {
  if (lateSince === undefined || now - lateSince < LATE_MS) return undefined;
  if (isLive) return 'its channel keeps no history';
  if (lastSeq === undefined) return undefined;
  // Its subscribers get a newer frame, see the gap, and read what is missing from the log.
  const newest = await late.newest(channel);
  return newest !== undefined && newest > lastSeq ? 'a newer frame follows' : undefined;
}
