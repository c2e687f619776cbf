/** One execution of the function `farewell`, as `lambdas/farewell.ts` handles it, on simulated ports. */

import { manifest } from '../../../lambdas/manifest/manifest.ts';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import { makeDue } from '../../../lambdas/realtime/presence/attendance.ts';
import type { FarewellTask } from '../../../lambdas/realtime/presence/farewell-task.ts';
import { byChannel, type ShiftPorts, workShift } from '../../../lambdas/realtime/presence/shift.ts';

/** Channels that are announced at a time. */
const IN_FLIGHT = 16;

/** The next worker goes on after that. Milliseconds. */
const LAST_TURN_MS = 60_000;

const SHIFT_MS = manifest.farewell.timeoutSeconds * 1000 - LAST_TURN_MS;

/** @throws Error when users could not be settled, so that the simulated Lambda repeats the task. */
export async function runFarewell(ports: ShiftPorts, task: FarewellTask): Promise<void> {
  if ('worker' in task) return workShift(ports, task.worker, ports.now() + SHIFT_MS);
  let failed = 0;
  await visitInFlight([...byChannel(task.lingering)], IN_FLIGHT, async ([channel, due]) => {
    failed += (await makeDue(ports, channel, due)).size;
  });
  if (failed > 0) throw new Error(`${failed} users could not be settled`);
}
