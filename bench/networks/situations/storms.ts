/** A server that is away: a thousand clients must not come back in one moment. */

import { MINUTE, SECOND, type Situation } from '../situation.ts';
import type { Stage } from '../stage.ts';

const CLIENTS = 1_000;

const FROM = 30 * SECOND;
const OUTAGE_MS = 60 * SECOND;

function outage(stage: Stage, handshakes: 'refused' | 'hanging'): void {
  const { server } = stage;
  const arrivals = Array.from({ length: CLIENTS }, () => stage.random() * 10 * SECOND);
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

function storm(name: string, about: string, handshakes: 'refused' | 'hanging'): Situation {
  return {
    name,
    about,
    hasHistory: true,
    lastsMs: 5 * MINUTE,
    bounds: { worstSecond: 0.05 },
    stormFrom: FROM + OUTAGE_MS,
    play: (stage) => outage(stage, handshakes),
  };
}

export const storms: readonly Situation[] = [
  storm('outage', `the server refuses handshakes for 60 s; ${CLIENTS} clients`, 'refused'),
  storm('outage-hanging', `the server does not answer handshakes for 60 s; ${CLIENTS} clients`, 'hanging'),
];
