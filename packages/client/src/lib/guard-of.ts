/** The rule for what handlers throw, for parts that hold a connection from outside. */

import type { Connection } from './connection.ts';
import { Emitter } from './events/emitter.ts';

/**
 * Runs functions of the application as the connection runs its handlers: what they throw becomes its event `error`. A connection that
 * an application has wrapped shows no events, so the exception becomes an unhandled rejection.
 */
export function guardOf(connection: Connection): (run: () => unknown) => void {
  const events = connection instanceof Emitter ? connection : new Emitter<{ error: Error }>();
  return (run) => events.guarded(run);
}
