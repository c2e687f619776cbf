/** Closes the window of a channel before changes are told, and fits its length to the audience afterwards. */

import type { Clock } from '../clock.ts';
import { logLines } from '../log-lines.ts';
import type { Logging } from '../structured-log.ts';
import type { Closing, WindowStore } from './presence-store.ts';
import { windowMs } from './window.ts';

export interface ClosedWindow extends Closing {
  /** Milliseconds since 1970. */
  readonly closedAt: number;
}

type WindowPorts = Pick<Clock, 'now'> & Logging & { readonly windows: WindowStore };

/**
 * For this long after a window has opened, only the worker may close it. Otherwise new changes, which come all the time in a crowd, could
 * always be told before those that have waited. Milliseconds.
 */
export const PRESENCE_WAITS_MS = 150;

/** A length that fits so well is kept: to write another one costs as much as a post. */
const TOLERANCE = 1 / 4;

export async function closeWindow(
  { windows, now }: WindowPorts,
  channel: string,
  waitsMs = 0,
): Promise<ClosedWindow> {
  const closedAt = now();
  const closing = await windows.close(channel, { now: closedAt, openBefore: closedAt - waitsMs });
  return { ...closing, closedAt };
}

/** Nothing is lost when it fails: the window is too short, or too long, once more. */
export async function fitWindow(
  { windows, log }: WindowPorts,
  channel: string,
  { isMine, closedAt, closedUntil }: ClosedWindow,
  audience: number,
): Promise<void> {
  const length = closedUntil - closedAt;
  const wanted = windowMs(audience);
  if (!isMine || Math.abs(wanted - length) <= length * TOLERANCE) return;
  await windows.fit(channel, closedAt, wanted).catch((error) => {
    log.warn(logLines.windowKept, { channel, reason: String(error) });
  });
}
