/** For every behaviour of the network, each message comes out once and in order, or is reported as lost. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sequencer, type Step } from '../../packages/client/src/lib/channel/sequencer.ts';
import { FakeChannel, type Stored } from './fake-channel.ts';

/** The possible next steps. Numbers choose among the waiting frames. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), isVoid: fc.boolean(), copies: fc.nat(2) }),
  fc.record({ kind: fc.constant('arrive' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('drop' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('ask' as const) }),
  fc.record({ kind: fc.constant('subscribe' as const) }),
  fc.record({ kind: fc.constant('expire' as const), which: fc.nat() }),
);
type Event = typeof event extends fc.Arbitrary<infer Kind> ? Kind : never;

/**
 * How the sequencer comes: from a position; without one; the same to a channel in which nothing was published yet, and is told
 * so; or it asks for everything that is kept there.
 */
type Coming = 'resumes' | 'is new' | 'is there before the first message' | 'wants everything';

const AFTER: Readonly<Record<Coming, number | undefined>> = {
  resumes: 100,
  'is new': undefined,
  'is there before the first message': undefined,
  'wants everything': 0,
};

/** A channel, a network that reorders, repeats and loses, and a sequencer at its end. */
class World {
  readonly channel: FakeChannel;
  readonly steps: Step[] = [];
  /** All numbers are above it. */
  readonly start = 100;
  readonly sequencer: Sequencer;
  private readonly underway: (() => Step[])[] = [];

  constructor(coming: Coming) {
    this.channel = new FakeChannel(coming === 'resumes' || coming === 'is new');
    this.channel.replySize = 3;
    this.sequencer = new Sequencer(AFTER[coming]);
    if (coming !== 'resumes') this.replayLater();
    if (coming === 'is there before the first message') this.arrive(0);
  }

  run(happening: Event): void {
    if (happening.kind === 'publish') this.publish(happening);
    if (happening.kind === 'arrive') this.arrive(happening.which);
    if (happening.kind === 'drop') this.underway.splice(happening.which % (this.underway.length || 1), 1);
    if (happening.kind === 'ask') this.askLater();
    if (happening.kind === 'subscribe') this.replayLater();
    if (happening.kind === 'expire') this.expire(happening.which);
  }

  /** The network heals: all frames on their way arrive, and history is asked until no message is missing. */
  heal(): void {
    while (this.underway.length > 0) this.arrive(0);
    this.replayLater();
    this.arrive(0);
    while (this.sequencer.missingUpTo !== undefined) {
      this.askLater();
      this.arrive(0);
    }
  }

  private publish({ isVoid, copies }: { isVoid: boolean; copies: number }): void {
    const record = isVoid ? this.channel.seal() : this.channel.append('x');
    const frame = isVoid ? [] : [toRecord(record)];
    const { first } = this.channel.firstIn(frame);
    for (let copy = 0; copy < copies; copy += 1) this.underway.push(() => this.sequencer.live(frame, first));
  }

  private arrive(which: number): void {
    const [arrived] = this.underway.splice(which % (this.underway.length || 1), 1);
    if (arrived) this.steps.push(...arrived());
  }

  private askLater(): void {
    const { reached: position, missingUpTo: upTo } = this.sequencer;
    if (position === undefined || upTo === undefined) return;
    const { messages, ...rest } = this.channel.read(position, 100);
    this.underway.push(() => this.sequencer.page(upTo, { messages: messages.map(toRecord), ...rest }));
  }

  private replayLater(): void {
    const { reached: after } = this.sequencer;
    const { head: seq } = this.channel;
    const recovered = after !== undefined && this.channel.recovers(after);
    const messages = recovered ? this.channel.read(after, 100).messages.map(toRecord) : [];
    const first = after === 0 ? this.channel.first : undefined;
    this.underway.push(() => this.sequencer.replay({ seq, first, messages }, after));
  }

  private expire(which: number): void {
    const { floor, head } = this.channel;
    if (head < floor) return;
    this.channel.expireTo(floor - 1 + (which % (head - floor + 2)));
  }
}

function toRecord({ seq, void: isVoid, data }: Stored) {
  return { seq, data, time: 0, ...(isVoid && { void: isVoid }) };
}

/** Every number that was delivered or reported as lost, in order. */
function numbersOf(steps: readonly Step[]): number[] {
  return steps.flatMap((step) => {
    if ('message' in step) return step.message.seq ?? [];
    const { from, to } = step.lost;
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

describe('any network', () => {
  it.each<Coming>(['resumes', 'is there before the first message'])(
    'delivers every number once and in order, from the position on, to a sequencer that %s',
    (coming) => {
      fc.assert(
        fc.property(fc.array(event, { maxLength: 60 }), (events) => {
          const world = new World(coming);
          for (const happening of events) world.run(happening);
          world.heal();

          const numbers = numbersOf(world.steps);
          const { channel, start } = world;
          const voids = new Set(channel.voids);
          const count = Math.max(channel.head - start, 0);
          const due = Array.from({ length: count }, (_, index) => start + 1 + index);
          expect(numbers.filter((seq) => !voids.has(seq))).toEqual(due.filter((seq) => !voids.has(seq)));
          expect(new Set(numbers).size).toBe(numbers.length);
        }),
        { numRuns: 1_000 },
      );
    },
  );

  it.each<Coming>(['resumes', 'is new', 'is there before the first message', 'wants everything'])(
    'that loses no message in time causes no loss for a sequencer that %s',
    (coming) => {
      const lasting = event.filter(({ kind }) => kind !== 'expire');
      fc.assert(
        fc.property(fc.array(lasting, { maxLength: 60 }), (events) => {
          const world = new World(coming);
          for (const happening of events) world.run(happening);
          world.heal();

          const numbers = numbersOf(world.steps);
          expect(world.steps.filter((step) => 'lost' in step)).toEqual([]);
          expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
          expect(world.sequencer.reached).toBe(world.channel.head);
        }),
        { numRuns: 1_000 },
      );
    },
  );
});
