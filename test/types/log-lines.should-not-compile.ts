/** Log lines that must not compile: a sentence that no filter could find, or a line without the number that a metric adds up. */

import { protocolErrorOf } from '../../lambdas/realtime/failures.ts';
import { logLines } from '../../lambdas/realtime/log-lines.ts';
import type { Log } from '../../lambdas/realtime/structured-log.ts';

export function write(log: Log): void {
  log.warn(logLines.unreached, { channel: 'chat:room', unreached: 3 });
  log.warn(logLines.postsStillRefused, { channel: 'chat:room' });
  // @ts-expect-error -- the field that the metric adds up has another name (docs/alarms.md)
  log.warn(logLines.unreached, { channel: 'chat:room', missed: 3 });
  // @ts-expect-error -- a text is no number to add up
  log.warn(logLines.lateFrameDropped, { channel: 'chat:room', connections: 'three' });
  // @ts-expect-error -- the sentence is not in the table
  log.warn('Some were not reached', { channel: 'chat:room' });
  // @ts-expect-error -- the sentence of a report is not in the table either
  protocolErrorOf(new Error('x'), { log, message: 'A command did not work', requestId: 'r1' });
}
