/** Facts about the lifetime of a connection, which take ten minutes and two hours. They run at the same time. */

import { type Fact, type Group, saw } from '../fact.ts';
import type { Patience } from '../patience.ts';
import type { Visit } from '../visit.ts';
import type { Visitor } from '../visitor.ts';

/** A connection may live this much longer: AWS was seen to take four seconds more than ten minutes (DC-3). */
const GRACE_MS = 60_000;

/** Two hours and a little: no fact is ended for its time limit. Milliseconds. */
const LIMIT_MS = 3 * 60 * 60 * 1000;

/** Allows for the timers of two machines. */
const EARLY = 0.98;

/** Pings four times in the idle time, until the connection is closed. */
function keepAlive(visitor: Visitor, { idleMs }: Patience, ping: (visitor: Visitor) => void): void {
  const timer = setInterval(() => ping(visitor), idleMs / 4);
  void visitor.wire.closed.then(() => clearInterval(timer));
}

async function lifeOf(visitor: Visitor, limitMs: number): Promise<{ code: number; ms: number }> {
  const start = performance.now();
  const { code } = await visitor.closing(limitMs);
  return { code, ms: Math.round(performance.now() - start) };
}

function lasts(
  name: string,
  number: string,
  expected: string,
  timeOf: (patience: Patience) => number,
  prepare: (visitor: Visitor, visit: Visit) => void,
): Fact {
  return {
    name,
    number,
    expected,
    limitMs: LIMIT_MS,
    async look(visit) {
      const visitor = await visit.enter();
      prepare(visitor, visit);
      const wanted = timeOf(visit.stage.patience);
      const { code, ms } = await lifeOf(visitor, wanted + GRACE_MS);
      return saw(code === 1001 && ms >= wanted * EARLY, `closed with ${code} after ${ms} ms`);
    },
  };
}

const silent = lasts(
  'idle',
  'DC-3',
  'a connection on which nothing is sent is closed with 1001 after ten minutes, not before',
  ({ idleMs }) => idleMs,
  () => {},
);

const pinging = lasts(
  'lifetime',
  'KA-6',
  'a connection that pings is closed with 1001 after two hours, not before',
  ({ lifetimeMs }) => lifetimeMs,
  (visitor, { stage }) => keepAlive(visitor, stage.patience, ({ wire }) => wire.send('{"action":"ping"}')),
);

/** AWS has not published whether ping frames keep a connection open (KA-3). So the fact records it. */
const controlFrames: Fact = {
  name: 'ping-frames',
  number: 'KA-3',
  expected:
    'whether ping frames alone keep a connection open for three idle times is recorded; what ends it is 1001',
  limitMs: LIMIT_MS,
  async look(visit) {
    const visitor = await visit.enter();
    const { patience } = visit.stage;
    keepAlive(visitor, patience, ({ wire }) => wire.sendPingFrame());
    const end = await lifeOf(visitor, 3 * patience.idleMs).catch(() => undefined);
    if (end) return saw(end.code === 1001, `closed with ${end.code} after ${end.ms} ms: they do not`);
    return saw(true, 'still open: they do');
  },
};

export const slow: Group = { facts: [silent, pinging, controlFrames], together: true };
