/** From the moment at which one client sends until the last of a crowd has got the message. */

import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { median } from '../median.ts';
import { ask, eachGetsOne, leave, openCrowd } from './crowd.ts';
import { BROADCAST_FRAME } from './frames.ts';
import type { BenchServer } from './start-server.ts';

export const AUDIENCE = 500;

const ROUNDS = 25;
const WARM_UP_ROUNDS = 10;
const CHANNEL = 'open:bench';

export interface BroadcastServers {
  readonly raw: BenchServer;
  readonly small: BenchServer;
  readonly fanfare: BenchServer;
}

/** A way to reach a crowd that is connected already. */
interface Way {
  /** One more client, which gets a reply. */
  readonly sender: WebSocket;
  readonly crowd: readonly WebSocket[];
  readonly frame: string;
}

/** Milliseconds of each way, the median of rounds that were run in turns. */
export async function measureBroadcast(servers: BroadcastServers): Promise<ReadonlyMap<string, number>> {
  const ways = await waysOf(servers);
  const times = new Map<string, number[]>();
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const [name, way] of ways) {
      const time = await timeOf(way);
      if (round >= 0) times.set(name, [...(times.get(name) ?? []), time]);
    }
  }
  for (const { sender, crowd } of ways.values()) leave([sender, ...crowd]);
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

async function waysOf({ raw, small, fanfare }: BroadcastServers): Promise<ReadonlyMap<string, Way>> {
  const posted = await openCrowd(small, AUDIENCE);
  const connectionIds: string[] = [];
  for (const socket of posted) connectionIds.push(await ask(socket, '{"action":"who"}'));
  const subscribers = await openCrowd(fanfare, AUDIENCE);
  const subscribe = JSON.stringify({ action: 'subscribe', channel: CHANNEL });
  for (const socket of subscribers) await ask(socket, subscribe);

  const way = async (server: BenchServer, crowd: readonly WebSocket[], frame: string): Promise<Way> => {
    const [sender] = await openCrowd(server, 1);
    if (!sender) throw new Error('There is no sender');
    return { sender, crowd, frame };
  };
  const request = (action: string) => JSON.stringify({ action, connectionIds, data: BROADCAST_FRAME });
  const publish = JSON.stringify({ action: 'publish', channel: CHANNEL, data: BROADCAST_FRAME });
  return new Map([
    ['raw', await way(raw, await openCrowd(raw, AUDIENCE), BROADCAST_FRAME)],
    ['sdk', await way(small, posted, request('sdk'))],
    ['poster', await way(small, posted, request('poster'))],
    ['publish', await way(fanfare, subscribers, publish)],
  ]);
}

async function timeOf({ sender, crowd, frame }: Way): Promise<number> {
  const replied = once(sender, 'message');
  const all = eachGetsOne(crowd);
  const startedAt = performance.now();
  sender.send(frame);
  await all;
  const time = performance.now() - startedAt;
  await replied;
  return time;
}
