/** Where a disc is between two updates. The page draws others a little in the past, so that it knows an update on both sides. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Update extends Point {
  /** When it arrived. Milliseconds. */
  readonly at: number;
}

/**
 * Before the first update and after the last one a disc stands still: a guess would jump back when the next update comes.
 *
 * @param updates in the order of their times.
 * @returns `undefined` without an update.
 */
export function positionAt(updates: readonly Update[], time: number): Point | undefined {
  const next = updates.find(({ at }) => at >= time) ?? updates.at(-1);
  const previous = updates.findLast(({ at }) => at < time) ?? next;
  if (!next || !previous) return undefined;
  const share = next.at > previous.at ? (time - previous.at) / (next.at - previous.at) : 1;
  const between = (from: number, to: number) => from + (to - from) * share;
  return { x: between(previous.x, next.x), y: between(previous.y, next.y) };
}
