import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { homeOf } from '../../../../lambdas/realtime/connections/home.ts';
import { forget } from '../../../../lambdas/realtime/connections/membership.ts';
import type { Subscription } from '../../../../lambdas/realtime/connections/subscription-store.ts';
import { attend } from '../../../../lambdas/realtime/presence/attendance.ts';
import { membersOf } from '../../../../lambdas/realtime/presence/members.ts';
import { LATE_MS } from '../../../../lambdas/realtime/presence/presence-state.ts';
import { callWorker, workShift } from '../../../../lambdas/realtime/presence/shift.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';
import { VirtualTime } from '../virtual-time.ts';
import { attendOne, makeDueOf } from './attend-one.ts';

const channel = 'chat:a';
const ann = { channel, user: 'ann' };
const LINGER_MS = 10_000;
const ROOM = { presence: { lingerSeconds: 10 } } as const;
const END = NOW / 1000 + 3_600;

let time: VirtualTime;
let ports: MemoryPorts;

beforeEach(() => {
  time = new VirtualTime();
  ports = { ...memoryPorts(), now: time.now, pause: time.pause };
});

const row = (connectionId: string, more: Partial<Subscription> = {}) =>
  subscriptionFixture({ channel, connectionId, expiresAt: END, ...more });
const member = (connectionId: string, more: Partial<Subscription> = {}) =>
  row(connectionId, { user: 'ann', isMember: true, ...more });

async function subscribe(...rows: Subscription[]): Promise<void> {
  for (const one of rows) await ports.subscriptions.put(one);
}

const sight = (...connectionIds: string[]) =>
  time.until(
    attendOne(ports, { ...ann, connections: new Map(connectionIds.map((id) => [id, row(id)])) }, LINGER_MS),
  );
/** Lets the linger of now pass. */
const lingered = (moreMs = 0) => time.until(ports.pause(LINGER_MS + moreMs));
const died = () => Promise.reject(new Error('died'));
const frames = (connectionId: string) =>
  ports.posts.filter((post) => post.connectionId === connectionId).map(({ frame }) => frame);

/** A connection, as the handshake and the subscribe store it. */
async function connect(connectionId: string, info?: unknown): Promise<void> {
  const home = { ...homeOf('ann'), isMember: false, ...(info !== undefined && { info }) };
  await ports.connections.open({ connectionId, user: 'ann', expiresAt: END }, [
    member(connectionId, home),
    member(connectionId),
  ]);
}

async function disconnect(connectionId: string): Promise<void> {
  await forget(ports, connectionId);
}

const changes = () =>
  frames('observer').map((frame) => v.parse(v.object({ event: v.string() }), frame).event);

describe('a user whose connection is replaced by the next one', () => {
  const NO_LINGER = 0;
  const sightWithoutLinger = (id: string) =>
    time.until(attendOne(ports, { ...ann, connections: new Map([[id, row(id)]]) }, NO_LINGER));

  beforeEach(async () => {
    ports = {
      ...ports,
      windows: { close: async () => ({ isMine: true, closedUntil: 0 }), fit: async () => {} },
    };
    await subscribe(row('observer', { seesMembers: true }));
    await connect('old');
    await sightWithoutLinger('old');
    await connect('next');
  });

  it('stays, although the end of the old one is reported before the beginning of the next one', async () => {
    await disconnect('old');

    await sightWithoutLinger('old');
    await sightWithoutLinger('next');

    expect(changes()).toEqual(['joined']);
    expect((await ports.presence.read(ann))?.connections).toEqual(new Map([['next', END]]));
  });

  it('leaves when the next one has left the channel, too', async () => {
    await disconnect('old');
    await disconnect('next');

    await sightWithoutLinger('old');

    expect(changes()).toEqual(['joined', 'left']);
  });
});

describe('the info of a user', () => {
  const told = () => ports.posts.map(({ frame }) => frame);
  const isAnn = (more: object) => expect.objectContaining({ member: { user: 'ann', at: NOW, ...more } });

  beforeEach(async () => {
    ports = {
      ...ports,
      windows: { close: async () => ({ isMine: true, closedUntil: 0 }), fit: async () => {} },
    };
    await subscribe(row('observer', { seesMembers: true }));
  });

  it('is read in the home row of the connection', async () => {
    await connect('a', { name: 'Ann' });
    await sight('a');

    expect(told()).toEqual([isAnn({ info: { name: 'Ann' } })]);
  });

  it('is told once if the token of the next connection has another one', async () => {
    await connect('a', 'Ann');
    await sight('a');
    await connect('b', 'Anna');
    await sight('b');
    await sight('a', 'b');

    expect(told()).toEqual([isAnn({ info: 'Ann' }), isAnn({ info: 'Anna', at: NOW + 1 })]);
  });

  it('is still known when a connection is looked at while it is forgotten', async () => {
    await connect('a', 'Ann');
    await sight('a');
    await connect('b', 'Ann');
    await ports.subscriptions.remove('b', [homeOf('ann')]);
    await sight('b');

    expect(told()).toHaveLength(1);
    expect(await ports.presence.read(ann)).toMatchObject({ info: 'Ann' });
  });
});

describe('a user who comes', () => {
  it('is announced to observers, and to no other subscriber', async () => {
    await subscribe(
      row('observer', { seesMembers: true }),
      row('reader'),
      member('ann=', { info: { name: 'Ann' } }),
      row('server', { user: 'bob', isMember: true }),
    );

    await sight('ann=');

    expect(ports.posts).toEqual([
      {
        connectionId: 'observer',
        frame: { event: 'joined', channel, member: { user: 'ann', info: { name: 'Ann' }, at: NOW } },
      },
    ]);
  });

  it('is announced to AWS under an id that is the same when it is repeated', async () => {
    await subscribe(member('ann=', { info: 1 }));
    await sight('ann=');

    expect(ports.told).toEqual([
      {
        type: 'member joined',
        id: `member joined#chat:a#${NOW}#ann`,
        time: NOW,
        detail: { channel, user: 'ann', info: 1, at: NOW },
      },
    ]);
  });

  it('is announced once for several tabs and repeated looks', async () => {
    await subscribe(row('observer', { seesMembers: true }), member('a'), member('b'));
    await sight('a');
    await sight('a');
    await sight('b');
    await sight('a', 'b');

    expect(frames('observer').length).toBeGreaterThan(0);
  });

  it('is stored before it is announced, and announced again if the mark was not stored', async () => {
    await subscribe(row('observer', { seesMembers: true }), member('a'));
    const { presence, outbound } = ports;
    const dying = {
      ...ports,
      outbound: { ...outbound, post: died },
      presence: { ...presence, announced: died },
    };
    const sighting = { ...ann, connections: new Map([['a', row('a')]]) };
    await expect(time.until(attendOne(dying, sighting, LINGER_MS))).rejects.toThrow('died');
    expect(await presence.read(ann)).toMatchObject({ state: 'here', version: NOW, announced: 0 });

    await sight('a');

    expect(frames('observer')).toEqual([{ event: 'joined', channel, member: { user: 'ann', at: NOW } }]);
    expect(await presence.read(ann)).toMatchObject({ announced: NOW });
  });

  it('is posted once although EventBridge refuses the event in each repetition, and reported when it does not', async () => {
    const watching = Array.from({ length: 49 }, (_, n) => row(`observer${n}`, { seesMembers: true }));
    await subscribe(member('a'), ...watching);
    const sighting = { ...ann, connections: new Map([['a', row('a')]]) };
    const lifecycle = { put: () => Promise.reject(new Error('EventBridge is down')) };
    const postsOfEach: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = ports.posts.length;
      await expect(time.until(attendOne({ ...ports, lifecycle }, sighting, LINGER_MS))).rejects.toThrow(
        'is down',
      );
      postsOfEach.push(ports.posts.length - before);
    }
    expect(postsOfEach).toEqual([49, 0, 0]);
    expect(await ports.presence.read(ann)).toMatchObject({ announced: NOW, reported: 0 });

    await sight('a');

    expect(ports.posts).toHaveLength(49);
    expect(ports.told).toMatchObject([{ type: 'member joined', detail: { user: 'ann' } }]);
    expect(await ports.presence.read(ann)).toMatchObject({ reported: NOW });
  });

  it('of a wide channel is announced by workers, whose task names the observers', async () => {
    await subscribe(member('a'));
    await ports.shards.grow(channel, 1, 8);

    await sight('a');

    expect(ports.started).toMatchObject([{ kind: 'lane', broadcast: { channel, to: 'observers' } }]);
  });
});

describe('users who come in the same batch', () => {
  const crowd = Array.from({ length: 40 }, (_, n) => `user${String(n).padStart(2, '0')}`);

  const attendCrowd = () =>
    time.until(
      attend(
        ports,
        channel,
        crowd.map((user) => ({ user, connections: new Map([[`${user}=`, row(`${user}=`)]]) })),
        LINGER_MS,
      ),
    );

  beforeEach(async () => {
    await subscribe(
      ...crowd.map((user) => row(`${user}=`, { user, isMember: true, seesMembers: true, takesDiffs: true })),
    );
  });

  it('are announced by one reading of the audience and one frame for each observer that takes diffs', async () => {
    let readings = 0;
    const { page } = ports.subscriptions;
    ports.subscriptions.page = (...args) => {
      readings += 1;
      return page(...args);
    };

    await attendCrowd();

    expect(readings).toBe(1);
    expect(ports.posts).toHaveLength(40);
    const members = crowd.map((user) => ({ user, at: NOW }));
    expect(frames('user00=')).toEqual([[{ event: 'joined', channel, members }]]);
    expect(ports.told).toHaveLength(40);
  });

  it('are announced one by one to an observer that takes no diffs', async () => {
    await subscribe(row('old', { seesMembers: true }));

    await attendCrowd();

    expect(frames('old')).toEqual(
      crowd.map((user) => ({ event: 'joined', channel, member: { user, at: NOW } })),
    );
    expect(frames('user00=')).toHaveLength(1);
  });

  it('are announced in one frame with users who leave', async () => {
    await attendCrowd();
    await time.until(ports.pause(1_200));
    ports.posts.length = 0;
    await ports.subscriptions.remove('user00=', [row('user00=')]);
    await subscribe(member('new=', { user: 'new' }));
    const sightings = ['user00', 'new'].map((user) => ({
      user,
      connections: new Map([[`${user}=`, row(`${user}=`)]]),
    }));

    await time.until(attend(ports, channel, sightings, 0));

    expect(frames('user01=')).toEqual([
      [
        { event: 'joined', channel, members: [{ user: 'new', at: time.now() }] },
        { event: 'left', channel, members: [{ user: 'user00', at: time.now() }] },
      ],
    ]);
  });

  it('are announced although the presence of one of them cannot be stored', async () => {
    const { write } = ports.presence;
    ports.presence.write = (place, ...rest) =>
      place.user === 'user07' ? Promise.reject(new Error('DynamoDB is down')) : write(place, ...rest);

    const { failed } = await attendCrowd();

    expect([...failed.keys()]).toEqual(['user07']);
    expect(frames('user00=')).toMatchObject([[{ members: { length: 39 } }]]);
  });
});

describe('while the window of the channel is closed', () => {
  const sightOf = (user: string, lingerMs = LINGER_MS) =>
    time.until(
      attendOne(ports, { channel, user, connections: new Map([[`${user}=`, row(`${user}=`)]]) }, lingerMs),
    );
  const comes = (user: string) => subscribe(row(`${user}=`, { user, isMember: true }));
  const membersNow = async () => (await membersOf(ports, ROOM, channel, '', () => true)).members;

  beforeEach(async () => {
    const watching = Array.from({ length: 20 }, (_, n) =>
      row(`observer${n}`, { seesMembers: true, takesDiffs: true }),
    );
    await subscribe(...watching, row('ann=', { user: 'ann', isMember: true }));
    await sightOf('ann');
    ports.posts.length = 0;
  });

  it('users who come are told by the worker, in one frame, when it opens', async () => {
    for (const user of ['bob', 'cid']) {
      await comes(user);
      expect(await sightOf(user)).toBe(true);
    }
    expect(ports.posts).toEqual([]);
    await callWorker(ports, 'w');
    expect(ports.workers).toEqual(['w']);

    await time.until(workShift(ports, 'w', Number.POSITIVE_INFINITY));

    const at = NOW + 1_000;
    const members = ['bob', 'cid'].map((user) => ({ user, at }));
    expect(frames('observer0')).toEqual([[{ event: 'joined', channel, members }]]);
    expect(ports.posts).toHaveLength(20);
  });

  it('a user who comes is no member yet, and one who goes again is never told', async () => {
    await comes('bob');
    await sightOf('bob');
    expect(await membersNow()).toMatchObject([{ user: 'ann' }]);
    await ports.subscriptions.remove('bob=', [row('bob=')]);
    await sightOf('bob', 0);

    expect(await ports.dueList.next()).toBeUndefined();
    await time.until(workShift(ports, 'w', Number.POSITIVE_INFINITY));
    expect(ports.posts).toEqual([]);
    expect(ports.told.map(({ type }) => type)).toEqual(['member joined']);
  });

  it('the worker is before all others when it opens', async () => {
    await time.until(ports.pause(1_000));
    await comes('bob');
    expect(await sightOf('bob')).toBe(true);

    await time.until(ports.pause(200));
    await comes('cid');
    expect(await sightOf('cid')).toBe(false);
    expect(frames('observer0')).toMatchObject([{ event: 'joined', member: { user: 'cid' } }]);
  });
});

describe('40 users who come into a room that all of them watch', () => {
  const users = Array.from({ length: 40 }, (_, n) => `user${String(n).padStart(2, '0')}`);

  /** Each user's record is a batch of its own, and the worker looks in between. */
  async function enter(everyMs: number): Promise<number> {
    const comes = async (user: string) => {
      await ports.subscriptions.put(row(user, { user, isMember: true, seesMembers: true, takesDiffs: true }));
      const sighting = { channel, user, connections: new Map([[user, row(user)]]) };
      if (!(await attendOne(ports, sighting, LINGER_MS))) return;
      await callWorker(ports, user);
    };
    const working = new Set<string>();
    let shifts: Promise<void>[] = [];
    for (const user of users) {
      await time.until(Promise.all([comes(user), ports.pause(everyMs)]));
      const fresh = ports.workers.filter((worker) => !working.has(worker));
      for (const worker of fresh) working.add(worker);
      shifts = [...shifts, ...fresh.map((worker) => workShift(ports, worker, Number.POSITIVE_INFINITY))];
    }
    await time.until(Promise.all(shifts));
    return ports.posts.length;
  }

  it('cause 80 posts at most if they come within a second', async () => {
    const posts = await enter(25);
    process.stdout.write(`40 joins within a second: ${posts} posts, ${ports.workers.length} worker.\n`);

    expect(posts).toBeLessThanOrEqual(80);
    expect(await ports.dueList.next()).toBeUndefined();
  });

  it('are told at once, in 820 posts, if they come one by one', async () => {
    expect(await enter(1_200)).toBe(820);
    expect(ports.workers).toEqual([]);
  });
});

describe('a user who goes', () => {
  beforeEach(async () => {
    await subscribe(row('observer', { seesMembers: true }), member('a'));
    await sight('a');
    await ports.subscriptions.remove('a', [row('a')]);
    ports.posts.length = 0;
  });

  it('lingers, and is then gone', async () => {
    expect(await sight('a')).toBe(true);
    expect(await ports.dueList.next()).toBe(NOW + LINGER_MS);
    await lingered(-1);
    await makeDueOf(ports, ann);
    expect(ports.posts).toEqual([]);

    await time.until(ports.pause(1));
    await makeDueOf(ports, ann);

    expect(frames('observer')).toEqual([
      { event: 'left', channel, member: { user: 'ann', at: NOW + LINGER_MS } },
    ]);
    expect(ports.told.map(({ type }) => type)).toEqual(['member joined', 'member left']);
  });

  it('calls the worker again when the look that found it is repeated', async () => {
    expect([await sight('a'), await sight('a')]).toEqual([true, true]);
  });

  it('is in the due list until the leave is told and marked', async () => {
    await sight('a');
    await lingered();
    const lost = { ...ports, presence: { ...ports.presence, announced: died } };
    await expect(time.until(makeDueOf(lost, ann))).rejects.toThrow('died');

    expect(await ports.dueList.due(time.now())).toHaveLength(1);
    await time.until(makeDueOf(ports, ann));
    expect(await ports.dueList.next()).toBeUndefined();
    expect(frames('observer').length).toBeGreaterThan(0);
  });

  it('and comes back before the linger ends is not announced', async () => {
    await sight('a');
    await subscribe(member('b'));
    expect(await sight('b')).toBe(false);

    await lingered();
    await makeDueOf(ports, ann);

    expect(ports.posts).toEqual([]);
    expect(await ports.presence.read(ann)).toMatchObject({
      state: 'here',
      connections: new Map([['b', END]]),
    });
  });

  it('and goes again gets a new linger, which the end of the first one does not end', async () => {
    await sight('a');
    await time.until(ports.pause(1_000));
    await subscribe(member('b'));
    await sight('b');
    await ports.subscriptions.remove('b', [row('b')]);
    await sight('b');

    await lingered(-1_000);
    await makeDueOf(ports, ann);
    expect(ports.posts).toEqual([]);

    await time.until(ports.pause(1_000));
    await makeDueOf(ports, ann);
    expect(frames('observer').length).toBeGreaterThan(0);
  });

  it('and comes back after the linger, but before the worker has looked, is not announced', async () => {
    await sight('a');
    await lingered(5_000);
    await subscribe(member('b'));
    await sight('b');

    expect(ports.posts).toEqual([]);
  });

  it('and comes back long after the linger, but no worker has looked, is announced as left and then as joined', async () => {
    await sight('a');
    await lingered(LATE_MS);
    await subscribe(member('b'));
    await sight('b');

    expect(frames('observer')).toMatchObject([
      { event: 'left', member: { user: 'ann', at: NOW + LINGER_MS + LATE_MS } },
      { event: 'joined', member: { user: 'ann' } },
    ]);
  });
});

describe('concurrent changes of one user', () => {
  it('are all stored', async () => {
    const tabs = Array.from({ length: 8 }, (_, n) => `tab${n}`);
    await subscribe(...tabs.map((id) => member(id)));

    await Promise.all(tabs.map((id) => sight(id)));

    const { connections } = (await ports.presence.read(ann)) ?? {};
    expect([...(connections?.keys() ?? [])].toSorted()).toEqual(tabs);
  });

  it('fail after the last attempt, so that the stream repeats them', async () => {
    await subscribe(member('a'));
    const presence = { ...ports.presence, write: async () => false };
    const sighting = { ...ann, connections: new Map([['a', row('a')]]) };

    await expect(time.until(attendOne({ ...ports, presence }, sighting, LINGER_MS))).rejects.toThrow(
      'at once',
    );
  });
});
