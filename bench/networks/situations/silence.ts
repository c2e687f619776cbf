/** Connections that end without a close: routers that forget, ends that are gone, and links that come and go. */

import { HOUR, MINUTE, SECOND, type Situation } from '../situation.ts';
import { every, type Stage } from '../stage.ts';

/** A message each 2 s, while the link does something. */
function lively(stage: Stage, until: number) {
  const visitor = stage.visit();
  stage.follow(visitor, 'open:lively');
  stage.at(every(2 * SECOND, 5 * SECOND, until), () => stage.say('open:lively'));
  return visitor;
}

export const silentLinks: readonly Situation[] = [
  {
    name: 'silent-nat',
    about: 'a router forgets connections that were silent for 60 s; 30 messages, one in 65 to 75 s',
    hasHistory: true,
    lastsMs: HOUR,
    bounds: { lateP99: 5 * SECOND },
    learnsFromLateMs: 5 * SECOND,
    play(stage) {
      stage.follow(stage.visit(stage.device({ natForgetsMs: 60 * SECOND })), 'open:quiet');
      let time = 0;
      const times = Array.from({ length: 30 }, () => (time += 65 * SECOND + 10 * SECOND * stage.random()));
      stage.at(times, () => stage.say('open:quiet'));
    },
  },
  {
    name: 'half-open',
    about: 'after 30 s all packets to the client vanish, on this connection; a message each 2 s',
    hasHistory: true,
    lastsMs: 10 * MINUTE,
    play(stage) {
      const { device } = lively(stage, 5 * MINUTE);
      stage.at([30 * SECOND], () => device.link.silence('down'));
    },
  },
  {
    name: 'half-open-publish',
    about: 'the same in both directions, and the client publishes each 20 s',
    hasHistory: true,
    lastsMs: 10 * MINUTE,
    play(stage) {
      const visitor = lively(stage, 5 * MINUTE);
      stage.at([30 * SECOND], () => visitor.device.link.silence('down', 'up'));
      stage.at(every(20 * SECOND, 25 * SECOND, 5 * MINUTE), () => stage.publish(visitor, 'open:lively'));
    },
  },
  {
    name: 'flapping',
    about: 'each 3 s all connections are reset, for 2 minutes; 5 messages each second',
    hasHistory: true,
    lastsMs: 4 * MINUTE,
    play(stage) {
      const visitor = stage.visit(stage.device({ down: { delayMs: 50 }, up: { delayMs: 50 } }));
      stage.follow(visitor, 'open:flapping');
      stage.at(every(200, 2 * SECOND, 2 * MINUTE), () => stage.say('open:flapping', 300));
      stage.at(every(SECOND, 2 * SECOND, 2 * MINUTE), () => stage.publish(visitor, 'open:flapping'));
      stage.at(every(3 * SECOND, 3 * SECOND, 2 * MINUTE), () => visitor.device.link.cut());
    },
  },
  {
    name: 'flapping-silence',
    about: 'the same with connections that go silent each 40 s instead of being reset',
    hasHistory: true,
    lastsMs: 20 * MINUTE,
    play(stage) {
      const { device } = lively(stage, 8 * MINUTE);
      stage.at(every(40 * SECOND, 40 * SECOND, 8 * MINUTE), () => device.link.silence('down', 'up'));
    },
  },
];
