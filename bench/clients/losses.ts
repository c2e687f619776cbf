/** What a client missed, got twice or got late, from what was published and what it received. */

export interface Losses {
  /** How many of the messages that were published during the cut arrived afterwards. */
  readonly arrived: number;
  /** How many of all messages never arrived. */
  readonly missed: number;
  /** Deliveries of a number that had already arrived, of any message. */
  readonly doubled: number;
  /** Deliveries behind one of a higher number, of any message. A repeat counts as doubled only. */
  readonly outOfOrder: number;
}

/** Numbers of messages. */
export interface Delivered {
  /** In the order in which they were published. */
  readonly published: readonly number[];
  /** Those of them that were published while the client was cut off. */
  readonly away: readonly number[];
  /** In the order in which the client got them. */
  readonly received: readonly number[];
}

export function lossesOf({ published, away, received }: Delivered): Losses {
  const seen = new Set<number>();
  let highest = Number.NEGATIVE_INFINITY;
  let doubled = 0;
  let outOfOrder = 0;
  for (const number of received) {
    if (seen.has(number)) doubled += 1;
    else if (number < highest) outOfOrder += 1;
    seen.add(number);
    highest = Math.max(highest, number);
  }
  const arrived = away.filter((number) => seen.has(number)).length;
  const missed = published.filter((number) => !seen.has(number)).length;
  return { arrived, missed, doubled, outOfOrder };
}
