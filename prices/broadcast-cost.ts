/** What the functions and tables do for one message, by the number of its subscribers. */

/** Of one message that a server publishes. */
export interface BroadcastCost {
  /** Of Lambda, requests and time. */
  readonly lambdaDollars: number;
  /** DynamoDB units. */
  readonly reads: number;
  readonly writes: number;
}

interface Simulated extends BroadcastCost {
  readonly subscribers: number;
  /** Until the last of them has it. */
  readonly seconds: number;
}

/** The rows "default quotas" of `docs/benchmarks/broadcast.md`; a test compares them with the page. */
export const simulated: readonly Simulated[] = [
  { subscribers: 1, seconds: 0.06, lambdaDollars: 0.00000158, reads: 1, writes: 2 },
  { subscribers: 10, seconds: 0.07, lambdaDollars: 0.00000184, reads: 1, writes: 2 },
  { subscribers: 100, seconds: 0.15, lambdaDollars: 0.00000356, reads: 3, writes: 2 },
  { subscribers: 1_000, seconds: 0.4, lambdaDollars: 0.00000948, reads: 23, writes: 2 },
  { subscribers: 10_000, seconds: 3.24, lambdaDollars: 0.0000934, reads: 231, writes: 9 },
  { subscribers: 100_000, seconds: 21.6, lambdaDollars: 0.000758, reads: 2_365, writes: 131 },
  { subscribers: 1_000_000, seconds: 204.9, lambdaDollars: 0.00678, reads: 23_934, writes: 1_025 },
];

/** On a straight line between the simulated numbers of subscribers below and above, or on from the last two of them. */
export function broadcastCost(subscribers: number): BroadcastCost {
  const above = simulated.findIndex((one) => one.subscribers >= subscribers);
  const last = above === -1 ? simulated.length - 1 : Math.max(1, above);
  const [lower, upper] = simulated.slice(last - 1, last + 1);
  if (!lower || !upper) throw new Error('Nothing was simulated');
  const share = (subscribers - lower.subscribers) / (upper.subscribers - lower.subscribers);
  const between = (low: number, high: number) => low + share * (high - low);
  return {
    lambdaDollars: between(lower.lambdaDollars, upper.lambdaDollars),
    reads: between(lower.reads, upper.reads),
    writes: between(lower.writes, upper.writes),
  };
}
