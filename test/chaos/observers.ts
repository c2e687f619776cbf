/** Observers that come and go beside the crowd. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Runtime } from 'fanfare-local';
import type { Member } from './crowd.ts';
import { Observer } from './observer.ts';

/** Connections that hold the server itself to its word. */
const OBSERVERS = 3;

/** The longest pause of an observer. Milliseconds. */
const VISIT_MS = 500;

/** How long the visits may take to end. Milliseconds. */
const END_MS = 60_000;

/** Observers that come and go until they are stopped. */
export async function observe(
  runtime: Runtime,
  members: readonly Member[],
  channel: () => string,
  random: () => number,
) {
  let isOver = false;
  const acknowledged = (name: string) =>
    new Set(
      members.flatMap(({ sent }) => sent.filter((one) => one.channel === name).map(({ seq = 0 }) => seq)),
    );
  const { websocket } = runtime.urls;
  const opened = Array.from({ length: OBSERVERS }, () => Observer.open(websocket, acknowledged));
  const observers = await Promise.all(opened);
  const visits = observers.map(async (observer) => {
    while (!isOver) await observer.visit(channel(), () => sleep(VISIT_MS * random()));
    observer.close();
  });
  return {
    /** Acknowledged messages that did not come. */
    missed: () => observers.reduce((sum, { missed }) => sum + missed, 0),
    /** Lets the visitors finish their visits. Returns how many could not, because the server did not reply to them. */
    async stop(): Promise<number> {
      isOver = true;
      let left = visits.length;
      const ends = visits.map(async (visit) => {
        await visit;
        left -= 1;
      });
      await Promise.race([Promise.all(ends), sleep(END_MS)]);
      return left;
    },
  };
}
