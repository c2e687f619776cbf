/** How long something takes that is out of our hands: log-normal, because slow outliers are the rule. */

export interface Latency {
  /** Milliseconds. */
  readonly median: number;
  /** One in a hundred takes longer. Milliseconds. */
  readonly p99: number;
}

/** Standard deviations from the median to the 99th percentile. */
const TO_P99 = 2.326;

export function latencySampler({ median, p99 }: Latency, random: () => number): () => number {
  const spread = Math.log(p99 / median) / TO_P99;
  return () => median * Math.exp(spread * standardNormal(random));
}

/** Box and Muller's transform. */
function standardNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
