/** Links on which answers come late: slow functions, long ways, lost packets, and proxies that collect what they pass on. */

import { HOUR, MINUTE, SECOND, type Situation } from '../situation.ts';
import { every, type Stage } from '../stage.ts';

/** Pings do not touch the database, so they are not late. */
function lateReplies(stage: Stage): void {
  stage.server.replyDelayMs = ({ action }) => (action === 'ping' ? 0 : 12 * SECOND);
}

/** One visitor publishes, another one on a perfect network listens. Only the first has late replies. */
function publishAndListen(stage: Stage, channel: string): void {
  const listener = stage.visit();
  stage.follow(listener, channel);
  stage.time.at(SECOND, () => {
    lateReplies(stage);
    const publisher = stage.visit();
    stage.follow(publisher, channel);
    stage.at(every(10 * SECOND, 20 * SECOND, 2 * MINUTE), () => stage.publish(publisher, channel));
  });
}

export const lateLinks: readonly Situation[] = [
  {
    name: 'late-replies',
    about: 'replies that are 12 s late; a client publishes, two listen',
    hasHistory: true,
    lastsMs: 5 * MINUTE,
    play: (stage) => publishAndListen(stage, 'open:late'),
  },
  {
    name: 'late-replies-live',
    about: 'the same in a channel without history',
    hasHistory: false,
    lastsMs: 5 * MINUTE,
    play: (stage) => publishAndListen(stage, 'live:late'),
  },
  {
    name: 'late-replies-behind',
    about: 'replies that are 12 s late; 200 KB behind, and a message each 5 s',
    hasHistory: true,
    lastsMs: 4 * MINUTE,
    // A reply that is overdue may be asked for once more, because replies are lost, too.
    bounds: { bytesOverNeeded: 1.5 },
    play(stage) {
      const after = stage.fill('open:late', 20, 10_000);
      lateReplies(stage);
      stage.follow(stage.visit(), 'open:late', { after });
      stage.at(every(5 * SECOND, SECOND, MINUTE), () => stage.say('open:late'));
    },
  },
  {
    name: 'loss',
    about:
      '5 % of the packets are lost, 100 ms of delay and up to 50 ms more; 10 messages of 2 KB each second',
    hasHistory: true,
    lastsMs: 2 * MINUTE,
    play(stage) {
      const pipe = { delayMs: 100, jitterMs: 50, loss: 0.05 };
      const visitor = stage.visit(stage.device({ down: pipe, up: pipe }));
      stage.follow(visitor, 'open:loss', { after: stage.fill('open:loss', 5, 2_000) });
      stage.at(every(100, SECOND, MINUTE), () => stage.say('open:loss', 2_000));
      stage.at(every(SECOND, SECOND, MINUTE), () => stage.publish(visitor, 'open:loss'));
    },
  },
  {
    name: 'buffering-proxy',
    about: 'a proxy that passes on what it has collected each 5 s; a message in 4 to 8 minutes, for an hour',
    hasHistory: true,
    lastsMs: 65 * MINUTE,
    // A pong that waits in the proxy is no lost connection.
    bounds: { attemptsPerMinute: 0.2 },
    play(stage) {
      const visitor = stage.visit(stage.device({ down: { releaseEveryMs: 5 * SECOND } }));
      stage.follow(visitor, 'open:proxy');
      // From 1 min on: the subscription stands, and pings fall between the messages.
      const times = every(6 * MINUTE, 2 * MINUTE, HOUR).map(
        (time) => time + (stage.random() * 4 - 2) * MINUTE,
      );
      stage.at(times, () => stage.say('open:proxy'));
      stage.at(every(7 * MINUTE, 2 * MINUTE, HOUR), () => stage.publish(visitor, 'open:proxy'));
    },
  },
];
