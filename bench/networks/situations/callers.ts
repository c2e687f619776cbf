/** Trouble beside the network, at the time of a reconnect: tokens that do not come, and a channel that the server cannot serve. */

import { refusal } from '../server.ts';
import { HOUR, MINUTE, SECOND, type Situation } from '../situation.ts';
import { every } from '../stage.ts';

/** The first call settles, the second never does, and all others settle. */
function hangsOnce(): () => Promise<string> {
  let calls = 0;
  return () => {
    calls += 1;
    return calls === 2 ? new Promise(() => {}) : Promise.resolve('token');
  };
}

export const callers: readonly Situation[] = [
  {
    name: 'hanging-token',
    about: 'after a reset, the function that fetches the token never settles, once; a message each 2 s',
    hasHistory: true,
    lastsMs: 10 * MINUTE,
    play(stage) {
      const visitor = stage.visit(stage.device(), { token: hangsOnce() });
      stage.follow(visitor, 'open:token');
      stage.at(every(2 * SECOND, 5 * SECOND, 3 * MINUTE), () => stage.say('open:token'));
      stage.at([30 * SECOND], () => visitor.device.link.cut());
    },
  },
  {
    name: 'hanging-token-rotation',
    about: 'the same while a socket is replaced because of its age; the server closes sockets after 2 h',
    hasHistory: true,
    lastsMs: 3 * HOUR,
    play(stage) {
      stage.follow(stage.visit(stage.device(), { token: hangsOnce() }), 'open:token');
      stage.at(every(MINUTE, 5 * SECOND, 2.5 * HOUR), () => stage.say('open:token'));
    },
  },
  {
    name: 'failing-channel',
    about: 'the server cannot serve one of 11 channels; a subscription that comes later must not wait for it',
    hasHistory: true,
    lastsMs: 4 * MINUTE,
    bounds: { lateP99: 5 * SECOND },
    play(stage) {
      stage.server.refuse = ({ action, channel }) =>
        action === 'subscribe' && channel === 'open:failing' ? refusal('busy', 503) : undefined;
      const visitor = stage.visit();
      const { ready } = visitor.connection.channel('open:failing').subscribe(() => {});
      ready.catch(() => {});
      for (let index = 0; index < 10; index += 1) stage.follow(visitor, `open:works-${index}`);
      stage.at(every(SECOND, 5 * SECOND, 2 * MINUTE), (index) => stage.say(`open:works-${index % 10}`));
      stage.at([30 * SECOND], () => visitor.device.link.cut());
      // By now the pauses of the failing one have become long.
      stage.at([100 * SECOND], () => stage.follow(visitor, 'open:later', { after: 0 }));
      stage.at(every(SECOND, 101 * SECOND, 2 * MINUTE), () => stage.say('open:later'));
    },
  },
];
