/** A drill for each alarm: what a stage reports in one minute when the trouble of the alarm has this size. */

import { HandlerFailure } from '../../../lambdas/own-logic/call.ts';
import { logRefusal } from '../../../lambdas/realtime/delivery/reach.ts';
import { protocolErrorOf } from '../../../lambdas/realtime/failures.ts';
import { logLines } from '../../../lambdas/realtime/log-lines.ts';
import { PlatformRefusal } from '../../../lambdas/realtime/platform-refusal.ts';
import type { AlarmName } from '../../../lib/observability/alarm-table.ts';
import type { Scene } from './scene.ts';

type Drill = (scene: Scene, minute: number, size: number) => void;

const CHANNEL = 'chat:room';

const refusal = new PlatformRefusal('AccessDeniedException: not allowed', CHANNEL, 3);

function times(count: number, act: (index: number) => void): void {
  for (let index = 0; index < count; index += 1) act(index);
}

/** One of them, so that a drill has lines of each kind. */
function oneOf<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('There is nothing to choose from');
  return item;
}

const throttled = Object.assign(new Error('Try again later'), { name: 'ThrottlingException' });

export const drills: Readonly<Record<AlarmName, Drill>> = {
  'commands-fail': (scene, minute, size) =>
    times(size, (index) => {
      const [name, message] = oneOf(
        [
          ['default', logLines.commandFailed],
          ['fallback', logLines.requestFailed],
          ['api', logLines.operationFailed],
        ] as const,
        index,
      );
      scene.logged(minute, name, (log) =>
        protocolErrorOf(new Error('a bug'), { log, message, requestId: 'r1' }),
      );
    }),
  'handlers-fail': (scene, minute, size) =>
    times(size, (index) =>
      scene.logged(minute, oneOf(['authorize', 'default', 'api'] as const, index), (log) =>
        log.error(logLines.handlerFailed, {
          error: new HandlerFailure('onPublish of chat:room threw an error'),
        }),
      ),
    ),
  'handshakes-fail': (scene, minute, size) =>
    times(size, () => scene.accessed(minute, { event: 'CONNECT', route: '$connect', status: '500' })),
  'handshakes-refused'(scene, minute, size) {
    times(size, () =>
      scene.logged(minute, 'authorize', (log) =>
        log.info(logLines.handshakeRefused, { kind: 'unauthorized', code: 'signature', connectionId: 'c1' }),
      ),
    );
    scene.socketGateway(minute, 'ConnectCount', 100 - size);
  },
  'functions-fail': (scene, minute, size) =>
    times(size, (index) =>
      scene.lambda(minute, oneOf(['connect', 'default', 'api'] as const, index), 'Errors', 1),
    ),
  'functions-throttled': (scene, minute, size) =>
    times(size, (index) =>
      scene.lambda(minute, oneOf(['authorize', 'default'] as const, index), 'Throttles', 1),
    ),
  'functions-slow': (scene, minute, size) => scene.lambda(minute, 'default', 'Duration', size),
  'workers-fail': (scene, minute, size) => times(size, () => scene.lambda(minute, 'presence', 'Errors', 1)),
  'work-lost': (scene, minute, size) =>
    times(size, () => scene.lambda(minute, 'release', 'AsyncEventsDropped', 1)),
  'readers-behind': (scene, minute, size) => scene.lambda(minute, 'channel-events', 'IteratorAge', size),
  'changes-given-up': (scene, minute, size) => scene.givenUp(minute, size),
  'gateway-fails': (scene, minute, size) => scene.socketGateway(minute, 'ExecutionError', size),
  'http-api-fails': (scene, minute, size) => scene.httpGateway(minute, '5xx', size),
  'tables-throttled'(scene, minute, size) {
    scene.table(minute, 'channels', 'WriteThrottleEvents', size - 1);
    scene.table(minute, 'messages', 'ReadThrottleEvents', 1);
  },
  'tables-fail': (scene, minute, size) =>
    times(size, () =>
      scene.logged(minute, 'default', (log) =>
        protocolErrorOf(throttled, { log, message: logLines.commandFailed, requestId: 'r1' }),
      ),
    ),
  unreached(scene, minute, size) {
    const unreached = (count: number) =>
      scene.logged(minute, 'deliver', (log) =>
        log.warn(logLines.unreached, { channel: CHANNEL, unreached: count }),
      );
    unreached(size - 100);
    unreached(100);
  },
  'posts-refused': (scene, minute, size) =>
    times(size, () =>
      scene.logged(minute, 'default', (log) => logRefusal({ log }, logLines.postsRefused, refusal)),
    ),
  'closes-refused': (scene, minute, size) =>
    times(size, () =>
      scene.logged(minute, 'revoke', (log) =>
        log.error(logLines.closesRefused, { error: refusal, channel: '@all', connections: 3 }),
      ),
    ),
  'deliveries-lost': (scene, minute, size) =>
    times(size, () =>
      scene.logged(minute, 'release', (log) =>
        log.warn(logLines.deliveryFailed, {
          requestId: 'r1',
          condition: 'RetriesExhausted',
          channel: CHANNEL,
        }),
      ),
    ),
  'frames-late': (scene, minute, size) =>
    scene.logged(minute, 'deliver', (log) =>
      log.warn(logLines.lateFrameDropped, {
        channel: CHANNEL,
        connections: size,
        reason: 'a newer frame follows',
      }),
    ),
  'events-not-published': (scene, minute, size) =>
    times(size, (index) =>
      scene.logged(minute, 'publish-event', (log) =>
        log.warn(oneOf([logLines.eventMalformed, logLines.eventNotPublished] as const, index), {
          at: 'data',
        }),
      ),
    ),
  'presence-late': (scene, minute, size) =>
    times(size, (index) => {
      const [name, line] = oneOf(
        [
          ['presence', logLines.presenceCheckedAgain],
          ['farewell', logLines.presenceLate],
          ['close-expired', logLines.presenceOverdue],
          ['release', logLines.presenceWorkerFailed],
        ] as const,
        index,
      );
      scene.logged(minute, name, (log) => log.warn(line, { channel: CHANNEL }));
    }),
  'sweep-unfinished': (scene, minute, size) =>
    times(size, () =>
      scene.logged(minute, 'close-expired', (log) => log.warn(logLines.sweepUnfinished, { closed: 9 })),
    ),
  'sweep-stopped': (scene, minute, size) =>
    times(size, () => scene.lambda(minute, 'close-expired', 'Invocations', 1)),
};

/** An hour in which clients come and go, and single things go wrong as they do every day. */
export function quietHour(scene: Scene, options: { readonly sweeps: boolean } = { sweeps: true }): void {
  for (let minute = 0; minute < 60; minute += 1) {
    if (options.sweeps) scene.lambda(minute, 'close-expired', 'Invocations', 1);
    scene.socketGateway(minute, 'ConnectCount', 20);
    scene.socketGateway(minute, 'MessageCount', 4_000);
    scene.httpGateway(minute, 'Count', 50);
    scene.httpGateway(minute, '5xx', 0);
    scene.givenUp(minute, 0);
    scene.lambda(minute, 'default', 'Errors', 0);
    scene.lambda(minute, 'default', 'Throttles', 0);
    scene.lambda(minute, 'default', 'Duration', 900);
    scene.lambda(minute, 'presence', 'IteratorAge', 400);
    scene.accessed(minute, { event: 'CONNECT', route: '$connect', status: '200' });
    scene.accessed(minute, { event: 'CONNECT', route: '$connect', status: '401' });
    scene.accessed(minute, { event: 'MESSAGE', route: '$default', status: '500' });
    scene.logged(minute, 'authorize', (log) =>
      log.info(logLines.handshakeRefused, {
        kind: 'unauthorized',
        code: 'token-expired',
        connectionId: 'c1',
      }),
    );
    scene.logged(minute, 'default', (log) =>
      log.warn(logLines.unreached, { channel: CHANNEL, unreached: 2 }),
    );
  }
  // Once in the hour: each is repeated, and needs no person.
  scene.lambda(7, 'deliver', 'Errors', 1);
  scene.lambda(8, 'connect', 'Errors', 1);
  scene.table(9, 'channels', 'WriteThrottleEvents', 40);
  scene.logged(10, 'default', (log) =>
    protocolErrorOf(new Error('a bug'), { log, message: logLines.commandFailed, requestId: 'r1' }),
  );
  scene.logged(11, 'presence', (log) => log.warn(logLines.presenceCheckedAgain, { reason: 'Error: busy' }));
}
