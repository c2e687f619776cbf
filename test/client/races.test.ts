/** After failures in any order, a reader sees the whole log, and the log has each acknowledged message. */

import { type Connection, connect, type Message, type Subscription } from 'fanfare-client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';

const CHANNEL = 'open:x';
/** Its subscription comes and goes, and goes on where it was. */
const VISITED = 'open:y';

/** How long the server may take for a frame. Milliseconds. */
const LONGEST = 300;

/** Things that happen; times are in milliseconds. */
const happenings = {
  publish: (world: World) => world.publish(),
  'another client publishes': (world: World) => world.server.say(CHANNEL, world.newName()),
  'another user publishes elsewhere': (world: World) => world.server.say(VISITED, world.newName()),
  'a visit begins or ends': (world: World) => world.visit(),
  'a push is dropped': (world: World) => void world.server.channel(CHANNEL).append(world.newName()),
  'pushes overtake each other': (world: World) => world.sayReversed(),
  'a writer dies': (world: World) => void world.server.channel(CHANNEL).seal(),
  'a reply is lost': (world: World) => world.loseReply(),
  'the socket is cut': (world: World) => world.server.open[0]?.cut(),
  'the newest socket is cut': (world: World) => world.server.open.at(-1)?.cut(),
  'the network dies silently': (world: World) => world.die(),
  'handshakes fail': (world: World) => world.handshakes('refused'),
  'handshakes work': (world: World) => world.handshakes('accepted'),
  renew: (world: World) => world.connection.renew(),
  'a moment passes': (world: World) => world.clock.pass(100),
  'a second passes': (world: World) => world.clock.pass(1_000),
  'a timeout passes': (world: World) => world.clock.pass(11_000),
};

class World {
  readonly server = new FakeServer();
  readonly clock = new FakeClock();
  readonly connection: Connection;
  readonly got: unknown[] = [];
  readonly lost: unknown[] = [];
  readonly acknowledged: string[] = [];
  readonly published: string[] = [];
  readonly visited: unknown[] = [];
  private names = 0;
  private position = 100;
  private subscription: Subscription | undefined;

  constructor(random: () => number) {
    const { server, clock } = this;
    server.channel(CHANNEL).replySize = 3;
    server.schedule = (run) => void clock.after(Math.floor(random() * LONGEST), run);
    this.connection = connect('ws://fake', { webSocket: server.webSocket, clock, random });
    this.connection.on('lost', (gap) => this.lost.push(gap));
    this.connection.channel(CHANNEL).subscribe(({ data }) => this.got.push(data), { after: 100 });
  }

  newName(): string {
    this.names += 1;
    return `message ${this.names}`;
  }

  publish(): void {
    const name = this.newName();
    this.published.push(name);
    const acknowledge = () => this.acknowledged.push(name);
    this.connection
      .channel(CHANNEL)
      .publish(name)
      .then(acknowledge, (error: unknown) => this.lost.push(error));
  }

  visit(): void {
    const after = this.subscription?.position ?? this.position;
    this.subscription?.unsubscribe();
    this.position = after;
    const handler = ({ data }: Message) => this.visited.push(data);
    this.subscription = this.subscription
      ? undefined
      : this.connection.channel(VISITED).subscribe(handler, { after });
  }

  sayReversed(): void {
    const channel = this.server.channel(CHANNEL);
    const records = [1, 2, 3].map(() => channel.append(this.newName()));
    for (const record of records.toReversed()) this.server.push(CHANNEL, [record]);
  }

  loseReply(): void {
    this.server.lostReplies += 1;
  }

  handshakes(how: 'accepted' | 'refused'): void {
    this.server.handshakes = how;
  }

  die(): void {
    for (const socket of this.server.open) socket.isDead = true;
  }

  async heal(): Promise<void> {
    this.server.handshakes = 'accepted';
    this.server.lostReplies = 0;
    if (!this.subscription) this.visit();
    await this.clock.pass(8 * 60_000);
    // The last push shows which earlier messages were missed.
    this.server.say(CHANNEL, this.newName());
    this.server.say(VISITED, this.newName());
    await this.clock.pass(60_000);
  }
}

function logOf({ server }: World, name = CHANNEL): unknown[] {
  return server
    .channel(name)
    .read(100, 10_000, 10_000)
    .messages.flatMap((record) => (record.void ? [] : [record.data]));
}

describe('any order of failures', () => {
  it('shows a reader the whole log, once and in order, and lands each publish once and in order', async () => {
    const script = fc.array(fc.constantFrom(...Object.values(happenings)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(script, fc.integer(), async (steps, seed) => {
        const world = new World(pseudoRandom(seed));
        for (const step of steps) await step(world);
        await world.heal();

        const log = logOf(world);
        expect(world.got).toEqual(log);
        expect(world.visited).toEqual(logOf(world, VISITED));
        expect(world.lost).toEqual([]);
        expect(log.filter((name) => world.published.includes(String(name)))).toEqual(world.published);
        expect(world.acknowledged).toEqual(world.published);
        world.connection.close();
      }),
      { numRuns: tries({ short: 400, long: 1_500 }) },
    );
  });
});

/** Enough to spread delays, the same for the same seed. */
function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
