/** In every order of writes, pages, losses and interruptions, a watch ends with the values of the log, and its changes are a fold to them. */

import { type ValueChange, valuesOf } from 'fanfare-client/values';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { setUp } from './connected.ts';
import { settle } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';

const X = 'open:x';
const name = fc.constantFrom('a', 'b', 'c', 'd');

const isPushed = fc.nat(4).map((chance) => chance > 0);

const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('handle' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), name, isPushed }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), name, isPushed }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(100, 5_000, 100_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('handshakes' as const),
      are: fc.constantFrom('accepted', 'refused'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Kind> ? Kind : never;

/** A server whose log changes, a watch, and the frames that are under way in both directions, which may overtake each other. */
class World {
  readonly server = new FakeServer();
  readonly folded = new Map<string, unknown>();
  readonly #frames: (() => void)[] = [];
  readonly #setup = setUp({}, this.server);
  readonly watch = valuesOf(this.#setup.connection.channel(X)).watch((change) => this.#fold(change));
  #written = 0;

  constructor() {
    this.server.valuesInPage = 1;
    for (const one of ['a', 'b', 'c']) this.server.channel(X).append(0, undefined, { name: one });
    this.server.schedule = (run) => void this.#frames.push(run);
    this.server.carry = (socket, text) => void this.#frames.push(() => socket.arrive(text));
  }

  get log(): object {
    const { names } = this.server.channel(X);
    return Object.fromEntries(names.map((one) => [one, this.server.channel(X).valueOf(one)?.data]));
  }

  get held(): object {
    return Object.fromEntries([...this.watch.values].toSorted().map(([one, { data }]) => [one, data]));
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const one of steps) await this.#take(one);
  }

  /** From now on, the network is fast and loses nothing. */
  async calm(): Promise<void> {
    const { server } = this;
    server.handshakes = 'accepted';
    server.schedule = queueMicrotask;
    server.carry = (socket, text) => socket.arrive(text);
    while (this.#frames.length > 0) await this.#handle(0);
    await this.#setup.clock.pass(600_000);
  }

  async #take(one: Step): Promise<void> {
    const { server } = this;
    if (one.kind === 'set' || one.kind === 'remove') return this.#write(one);
    if (one.kind === 'handle') return this.#handle(one.which);
    if (one.kind === 'pass') return this.#setup.clock.pass(one.ms);
    if (one.kind === 'handshakes') server.handshakes = one.are === 'refused' ? 'refused' : 'accepted';
    if (one.kind === 'cut') server.sockets.at(-1)?.cut();
    if (one.kind === 'expire') server.channel(X).expireTo(server.channel(X).head);
    return settle();
  }

  /** A push may be lost on the way. The client then notices the hole by the next one. */
  #write({ kind, name: of, isPushed }: Step & { kind: 'set' | 'remove' }): void {
    this.#written += 1;
    const naming = { name: of, ...(kind === 'remove' && { removed: true as const }) };
    const stored = this.server.channel(X).append(kind === 'set' ? this.#written : null, undefined, naming);
    if (isPushed) this.server.push(X, [stored]);
  }

  async #handle(which: number): Promise<void> {
    const [run] = this.#frames.splice(which % Math.max(1, this.#frames.length), 1);
    run?.();
    await settle();
  }

  #fold({ name: of, data, removed }: ValueChange): void {
    if (removed) this.folded.delete(of);
    else this.folded.set(of, data);
  }
}

it('a watch ends with the values of the log, and its changes lead there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
      const world = new World();
      await world.run(steps);
      await world.calm();
      // The last push may have been lost. The next message shows the hole.
      world.server.say(X, 'end', { name: 'end' });
      await world.calm();

      expect(world.held).toEqual(world.log);
      expect(Object.fromEntries([...world.folded].toSorted())).toEqual(world.log);
    }),
    { numRuns: 800 },
  );
}, 60_000);
