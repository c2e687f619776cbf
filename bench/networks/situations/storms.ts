/** A server that is away: a thousand clients must not come back in one moment. */

import { MINUTE, SECOND, type Situation } from '../situation.ts';
import type { Stage } from '../stage.ts';

/** In the table. */
const CLIENTS = 1_000;

const FROM = 30 * SECOND;
const OUTAGE_MS = 60 * SECOND;

function outage(stage: Stage, clients: number, handshakes: 'refused' | 'hanging'): void {
  const { server } = stage;
  const arrivals = Array.from({ length: clients }, () => stage.random() * 10 * SECOND);
  stage.at(arrivals, () => stage.follow(stage.visit(), 'open:storm'));
  stage.at([20 * SECOND, FROM + OUTAGE_MS / 2], () => stage.say('open:storm'));
  stage.at([FROM], () => {
    server.handshakes = handshakes;
    for (const { device } of stage.visitors) device.link.cut();
  });
  stage.at([FROM + OUTAGE_MS], () => {
    server.handshakes = 'accepted';
    stage.tally.reachableFrom(stage.time.now);
  });
}

const about = {
  refused: 'the server refuses handshakes for 60 s',
  hanging: 'the server does not answer handshakes for 60 s',
};

export function storm(name: string, handshakes: 'refused' | 'hanging', clients = CLIENTS): Situation {
  return {
    name,
    about: `${about[handshakes]}; ${clients} clients`,
    hasHistory: true,
    lastsMs: 5 * MINUTE,
    bounds: { worstSecond: 0.05 },
    stormFrom: FROM + OUTAGE_MS,
    play: (stage) => outage(stage, clients, handshakes),
  };
}

export const storms: readonly Situation[] = [storm('outage', 'refused'), storm('outage-hanging', 'hanging')];
