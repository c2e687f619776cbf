/** The bench of bad networks: what its links do, and that it finds a client that is at fault. */

import { type Connection, connect, type MessageHandler, type Options } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { describe, expect, it } from 'vitest';
import { parseNetworksOptions } from '../../bench/networks/options.ts';
import { cellsOf, networksPage } from '../../bench/networks/page.ts';
import { play } from '../../bench/networks/play.ts';
import { MINUTE, SECOND, type Situation } from '../../bench/networks/situation.ts';
import { storm } from '../../bench/networks/situations/storms.ts';
import { situations } from '../../bench/networks/situations.ts';
import { every, type Stage, type Subject } from '../../bench/networks/stage.ts';
import { breachesOf } from '../../bench/networks/verdict.ts';
import { isLong } from '../running/counts.ts';

const SEED = 7;

/** A message each second for a minute, on a link without a fault. */
const calm: Situation = {
  name: 'calm',
  about: 'nothing happens',
  hasHistory: true,
  lastsMs: 2 * MINUTE,
  play: (stage) => lively(stage),
};

function lively(stage: Stage) {
  const visitor = stage.visit();
  stage.follow(visitor, 'open:calm');
  stage.at(every(SECOND, SECOND, MINUTE), () => stage.say('open:calm'));
  return visitor.device;
}

function situation(name: string): Situation {
  const found = situations.find((one) => one.name === name);
  if (!found) throw new Error(`There is no situation ${name}`);
  return found;
}

/** A client whose handlers get each message as `change` says. */
function faulty(change: (handler: MessageHandler) => MessageHandler, options: Options = {}): Subject {
  const plant = (connection: Connection): Connection =>
    new Proxy(connection, {
      get(target, name) {
        if (name !== 'channel') return bound(target, name);
        return (channelName: string) => {
          const channel = target.channel(channelName);
          return new Proxy(channel, {
            get: (inner, field) =>
              field === 'subscribe'
                ? (handler: MessageHandler, more: object) => inner.subscribe(change(handler), more)
                : bound(inner, field),
          });
        };
      },
    });
  return { connect: (url, more) => plant(connect(url, more)), options };
}

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
}

/** Skips each message whose number in the order of arrival is a multiple of this. */
function skipEach(count: number): Subject {
  return faulty((handler) => {
    let seen = 0;
    return (message) => {
      seen += 1;
      return seen % count === 0 ? undefined : handler(message);
    };
  });
}

async function breaches(one: Situation, subject?: Subject): Promise<string[]> {
  return breachesOf(one, await play(one, SEED, subject));
}

describe('the bench of bad networks', () => {
  it('finds nothing where nothing happens', async () => {
    const figures = await play(calm, SEED);

    expect(breachesOf(calm, figures)).toEqual([]);
    expect(figures).toMatchObject({ expected: 59, missed: 0, twice: 0, lateP50: 20, lateP99: 20 });
    expect(figures.bytesOverNeeded).toBeLessThan(1.6);
    expect(figures.attemptsPerMinute).toBe(0.5);
  });

  it('repeats the figures of a seed exactly', async () => {
    const flapping = situation('flapping');

    expect(await play(flapping, SEED)).toEqual(await play(flapping, SEED));
    expect(await play(flapping, SEED)).not.toEqual(await play(flapping, SEED + 1));
  });

  it('finds a client that skips messages', async () => {
    expect(await breaches(calm, skipEach(10))).toEqual(['missed 5']);
  });

  it('finds a client that shows messages twice', async () => {
    const twice = faulty((handler) => async (message) => {
      await handler(message);
      return handler(message);
    });

    expect(await breaches(calm, twice)).toEqual(['twice 59']);
  });

  it('finds a client that forgets its position when a connection is lost', async () => {
    const forgetful: Subject = {
      connect(url, options) {
        const connection = connect(url, options);
        const channel = connection.channel.bind(connection);
        return Object.assign(connection, {
          channel: (name: string) =>
            Object.assign(channel(name), {
              subscribe: (handler: MessageHandler) => {
                let subscription = channel(name).subscribe(handler);
                connection.on('state', (state) => {
                  if (state !== 'connecting') return;
                  subscription.unsubscribe();
                  subscription = channel(name).subscribe(handler);
                });
                return subscription;
              },
            }),
        });
      },
    };
    const cut: Situation = {
      ...calm,
      play(stage) {
        const device = lively(stage);
        stage.at([30_500], () => {
          device.link.cut();
          stage.server.handshakes = 'refused';
        });
        stage.at([40_500], () => {
          stage.server.handshakes = 'accepted';
        });
      },
    };

    expect(await breaches(cut)).toEqual([]);
    expect((await play(cut, SEED, forgetful)).missed).toBeGreaterThanOrEqual(10);
  });

  it('finds a server whose history has a hole', async () => {
    const hole: Situation = {
      ...calm,
      play(stage) {
        const after = stage.fill('open:hole', 5, 100);
        stage.server.refuse = ({ action }) =>
          action === 'subscribe'
            ? { event: 'subscribed', seq: after + 5, recovered: true, messages: [] }
            : undefined;
        stage.follow(stage.visit(), 'open:hole', { after });
        stage.server.log('open:hole').records.splice(2, 1);
      },
    };

    expect(await breaches(hole)).toContain('missed 1');
  });

  it('finds clients that all come back in one moment', async () => {
    const together: Subject = { connect, options: { random: () => 0.5 } };

    expect(await breaches(storm('outage', 'refused', 50), together)).toEqual(['worst second 1 > 0.05']);
  });

  it('finds a client that asks for more than it needs', async () => {
    const impatient: Subject = { connect, options: { requestTimeoutMs: 1_000 } };
    const behind: Situation = {
      ...calm,
      bounds: { bytesOverNeeded: 1.5 },
      play(stage) {
        const after = stage.fill('open:behind', 10, 5_000);
        const visitor = stage.visit(stage.device({ down: { bytesPerSecond: 1_000_000 } }));
        stage.follow(visitor, 'open:behind', { after });
        stage.at([10 * SECOND], () => {
          for (let count = 0; count < 50; count += 1)
            historyOf(visitor.connection.channel('open:behind'), { after }).catch(() => {});
        });
      },
    };

    expect(await breaches(behind, impatient)).toEqual([expect.stringMatching(/^bytes over needed/)]);
  });

  it('finds a client that connects again and again', async () => {
    const restless: Subject = { connect, options: { rotateAfterMs: 10 * SECOND } };

    expect(await breaches({ ...calm, bounds: { attemptsPerMinute: 1 } }, restless)).toEqual([
      expect.stringMatching(/^attempts per minute/),
    ]);
  });

  it('finds a client that does not ping on a link that forgets', async () => {
    const late = { ...situation('silent-nat'), learnsFromLateMs: 30 * MINUTE };
    const silent: Subject = { connect, options: { heartbeat: { idleMs: 9 * MINUTE } } };
    const pinging: Subject = { connect, options: { heartbeat: { idleMs: 30 * SECOND } } };

    expect(await breaches(late, silent)).toEqual([expect.stringMatching(/^late p99/)]);
    expect(await breaches(late, pinging)).toEqual([]);
  });

  it('calls a situation broken in which no message was expected', async () => {
    expect(await breaches({ ...calm, play: (stage) => void stage.visit() })).toEqual([
      'no message was expected',
    ]);
  });
});

describe('a link of the bench', () => {
  const kilobytesIn = async (shape: Parameters<Stage['device']>[0]) => {
    const one: Situation = {
      ...calm,
      play(stage) {
        const after = stage.fill('open:link', 10, 10_000);
        stage.follow(stage.visit(stage.device(shape)), 'open:link', { after });
      },
    };
    return play(one, SEED);
  };

  it('takes the time that its bandwidth gives', async () => {
    const { lateP99 } = await kilobytesIn({ down: { bytesPerSecond: 20_000 } });

    // 100 KB at 20 KB/s.
    expect(lateP99).toBeGreaterThan(5_000);
    expect(lateP99).toBeLessThan(5_600);
  });

  it('shares its bandwidth between connections, packet by packet', async () => {
    const shared: Situation = {
      ...calm,
      play(stage) {
        const device = stage.device({ down: { bytesPerSecond: 20_000 } });
        const positions = ['open:one', 'open:other'].map((name) => stage.fill(name, 5, 10_000));
        stage.follow(stage.visit(device), 'open:one', { after: positions[0] ?? 0 });
        stage.follow(stage.visit(device), 'open:other', { after: positions[1] ?? 0 });
      },
    };
    const { lateP50 } = await play(shared, SEED);

    expect(lateP50).toBeGreaterThan(4_800);
  });

  it('delays what is behind a lost packet', async () => {
    const [good, bad] = [await kilobytesIn({}), await kilobytesIn({ down: { loss: 0.3 } })];

    expect(good.lateP99).toBeLessThan(300);
    expect(bad.lateP99).toBeGreaterThan(good.lateP99 + 200);
    expect(bad).toMatchObject({ missed: 0, twice: 0 });
  });

  it('passes on what a proxy has collected only at its times', async () => {
    const one: Situation = {
      ...calm,
      play(stage) {
        stage.follow(stage.visit(stage.device({ down: { releaseEveryMs: 5 * SECOND } })), 'open:proxy');
        stage.at(every(SECOND, 11_500, MINUTE), () => stage.say('open:proxy'));
      },
    };
    const { lateP50, lateP99, missed } = await play(one, SEED);

    expect(missed).toBe(0);
    expect([lateP50, lateP99]).toEqual([2_500, 4_500]);
  });

  it('drops everything of a connection that a router has forgotten, and tells neither end', async () => {
    const states: string[] = [];
    const one: Situation = {
      ...calm,
      play(stage) {
        const { connection } = stage.visit(stage.device({ natForgetsMs: 30 * SECOND }));
        connection.on('state', (state) => states.push(state));
        stage.follow(stage.visitors[0] ?? stage.visit(), 'open:nat');
        stage.at([10 * SECOND, 39 * SECOND, 100 * SECOND], () => stage.say('open:nat'));
      },
    };
    const deaf: Subject = { connect, options: { heartbeat: { idleMs: 10 * MINUTE } } };

    expect((await play(one, SEED, deaf)).missed).toBe(1);
    expect(states).toEqual(['connected', 'closed']);
  });

  it('runs nothing on a suspended device', async () => {
    const one: Situation = {
      ...calm,
      play(stage) {
        const device = lively(stage);
        stage.at([30 * SECOND], () => device.suspend());
        stage.at([90 * SECOND], () => device.resume());
      },
    };

    expect((await play(one, SEED)).lateP99).toBeGreaterThanOrEqual(59 * SECOND);
  });
});

describe('npm run networks', () => {
  const names = ['calm', 'storm'];

  it('takes a seed, and situations by their names', () => {
    expect(parseNetworksOptions([], names)).toEqual({ seed: 1, only: [], writes: false });
    expect(parseNetworksOptions(['--seed', '9', '--only', 'calm', '--only', 'storm'], names)).toEqual({
      seed: 9,
      only: names,
      writes: false,
    });
  });

  it.each([
    [['--only', 'clam'], 'There is no situation "clam". There are: calm, storm.'],
    [['--seed', 'x'], '--seed takes a whole number of up to 9 digits; got "x".'],
    [['--write', '--only', 'calm'], '--write needs all situations, so not --only.'],
  ])('refuses %j', (args, sentence) => {
    expect(() => parseNetworksOptions(args, names)).toThrow(sentence);
  });

  it('shows what is broken in its table, and on its page', async () => {
    const figures = await play(calm, SEED, skipEach(10));
    const played = { name: 'calm', about: 'nothing happens', figures, breaches: breachesOf(calm, figures) };

    expect(cellsOf(played)).toEqual(['calm', 59, 5, 0, 0.02, 0.02, expect.any(Number), 0.5, '', 'missed 5']);
    expect(networksPage(SEED, [played])).toContain('BROKEN: 1 of 1 situations.');
    expect(networksPage(SEED, [{ ...played, breaches: [] }])).toContain('every bound is kept');
  });

  it('names every situation once', () => {
    const all = situations.map(({ name }) => name);

    expect(new Set(all).size).toBe(all.length);
  });
});

/** They take milliseconds. A long run plays all situations that the client survives. */
const short = ['loss', 'flapping', 'half-open', 'half-open-publish', 'clock-forward', 'suspended-page'];
const seeds = isLong ? [1, 2, 3, 4, 5] : [SEED];

describe.each(seeds)('with seed %i', (seed) => {
  it.each(isLong ? situations : short.map(situation))(
    'the client misses nothing and nothing comes twice in $name',
    async (one) => {
      expect(breachesOf(one, await play(one, seed))).toEqual([]);
    },
  );
});
