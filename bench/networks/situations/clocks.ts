/** Time that is not what it seems: clocks that are set, and pages that are frozen. */

import { HOUR, MINUTE, type Page, SECOND, type Situation } from '../situation.ts';
import { every, type Stage } from '../stage.ts';

/**
 * The clock is set while the client waits to replace its socket: the server asked for 5 s, the first attempt fails, and then the socket is
 * reset. Later a connection goes silent.
 */
function clockIsSet(stage: Stage, forwardMs: number): void {
  const { server } = stage;
  const { device } = stage.visit();
  stage.follow(stage.visitors[0] ?? stage.visit(), 'open:clock');
  stage.at(every(2 * SECOND, 5 * SECOND, 10 * MINUTE), () => stage.say('open:clock'));
  stage.at([60 * SECOND], () =>
    server.tellAll({ event: 'closing', reason: 'going-away', reconnectAfter: 5_000 }),
  );
  stage.at([61 * SECOND], () => {
    device.setClock(forwardMs);
    server.handshakes = 'refused';
  });
  stage.at([70 * SECOND], () => device.link.cut());
  stage.at([72 * SECOND], () => {
    server.handshakes = 'accepted';
  });
  stage.at([3 * MINUTE], () => device.setClock(forwardMs));
  stage.at([3 * MINUTE + SECOND], () => device.link.silence('down', 'up'));
}

/** Without the connection, which the server closes meanwhile, and without the packets that would say so. */
function suspended(stage: Stage, page: Page, sleepMs: number): void {
  const [from, to] = [MINUTE, MINUTE + sleepMs];
  const visitor = stage.visit();
  stage.follow(visitor, 'open:asleep');
  stage.at(every(MINUTE, 10 * SECOND, to + 10 * MINUTE), () => stage.say('open:asleep'));
  stage.at([from], () => {
    visitor.device.suspend();
    visitor.device.link.silence('down', 'up');
  });
  stage.at([to], () => {
    stage.tally.reachableFrom(to);
    visitor.device.resume();
    page.show();
  });
}

export const clocks: readonly Situation[] = [
  {
    name: 'clock-back',
    about:
      'the clock is set back an hour while the client waits to connect, and again before a silence; a message each 2 s',
    hasHistory: true,
    lastsMs: 20 * MINUTE,
    onPlatform: true,
    play: (stage) => clockIsSet(stage, -HOUR),
  },
  {
    name: 'clock-forward',
    about: 'the same, set forward an hour',
    hasHistory: true,
    lastsMs: 20 * MINUTE,
    onPlatform: true,
    play: (stage) => clockIsSet(stage, HOUR),
  },
  {
    name: 'suspended-page',
    about:
      'the page is frozen for 3 h, its connection is gone meanwhile, and then the page is shown; a message each minute',
    hasHistory: true,
    lastsMs: 3 * HOUR + 20 * MINUTE,
    onPlatform: true,
    play: (stage, page) => suspended(stage, page, 3 * HOUR),
  },
  {
    name: 'suspended-briefly',
    about: 'the same for 20 minutes, after which no timer of the client but the ping is due',
    hasHistory: true,
    lastsMs: 40 * MINUTE,
    onPlatform: true,
    play: (stage, page) => suspended(stage, page, 20 * MINUTE),
  },
];
