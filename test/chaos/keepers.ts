/** The clients with named values: several of them want the same name at the same moment, and all of them read all values anew. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Runtime } from 'fanfare-local';
import type { Faults } from './faults.ts';
import { type Act, Keeper } from './keeper.ts';

export interface Keeping {
  readonly keepers: readonly Keeper[];
  readonly channels: readonly string[];
  outstanding(): number;
  /** Some of them publish a message of one name; now and then one of them reads all values. */
  round(): void;
  /** Each reads the values of each channel a last time. */
  lookOnceMore(): Promise<void>;
}

const KEEPERS = 10;
const CHANNELS = ['open:values-0', 'open:values-1'] as const;

/** Few, so that writers meet. */
const NAMES = ['seat', 'score', 'price', 'cell', 'owner', 'door'] as const;

/** Writers of one name in a round. */
const RIVALS = 3;

/** Publishes that may wait for their answers. Two writers of one name wait for each other, and each takes four write units and more. */
const MOST_WAITING = 5;

/** One round in this number reads all values. */
const ROUNDS_PER_LOOK = 3;

/** How long the last reads may take. Milliseconds. */
const PATIENCE_MS = 60_000;

const acts: readonly Act[] = ['claim', 'claim', 'claim', 'set', 'remove'];

export async function keep(runtime: Runtime, faults: Faults, random: () => number): Promise<Keeping> {
  const { websocket } = runtime.urls;
  const webSocket = faults.webSocket();
  const keepers = Array.from(
    { length: KEEPERS },
    (_, index) => new Keeper(`keeper-${index}`, websocket, webSocket, random),
  );
  await Promise.all(keepers.flatMap((keeper) => CHANNELS.map((channel) => keeper.follow(channel))));
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
  const outstanding = () => keepers.reduce((sum, one) => sum + one.outstanding, 0);
  return {
    keepers,
    channels: CHANNELS,
    outstanding,
    round() {
      const channel = pick(CHANNELS) ?? CHANNELS[0];
      const name = pick(NAMES) ?? NAMES[0];
      if (outstanding() >= MOST_WAITING) return;
      if (random() < 1 / ROUNDS_PER_LOOK) void pick(keepers)?.lookAgain(channel);
      const first = Math.floor(random() * KEEPERS);
      for (let rival = 0; rival < RIVALS; rival++)
        void keepers[(first + rival) % KEEPERS]?.act(pick(acts) ?? 'claim', channel, name, random() < 1 / 2);
    },
    async lookOnceMore() {
      const looks = keepers.flatMap((keeper) => CHANNELS.map((channel) => keeper.lookAgain(channel)));
      await Promise.race([Promise.all(looks), sleep(PATIENCE_MS)]);
    },
  };
}
