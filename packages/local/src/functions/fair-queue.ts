/**
 * The queue for environments. Events of one connection are served in their order, and connections take turns. On Lambda a flood of one
 * connection delays no other connection. Here there are few environments, and so they need a fair queue.
 */

import * as v from 'valibot';

const ofConnection = v.object({ requestContext: v.object({ connectionId: v.string() }) });

/** The party of all events without a connection. */
export const NO_CONNECTION = '';

/** The connection that an event belongs to. */
export function partyOf(event: unknown): string {
  const { success, output } = v.safeParse(ofConnection, event);
  return success ? output.requestContext.connectionId : NO_CONNECTION;
}

export class FairQueue<Item> {
  /** The waiting items of each party, in the order of turns. */
  private readonly parties = new Map<string, Item[]>();

  put(party: string, item: Item): void {
    const items = this.parties.get(party);
    if (items) items.push(item);
    else this.parties.set(party, [item]);
  }

  /** The number of waiting items of a party. */
  backlog(party: string): number {
    return this.parties.get(party)?.length ?? 0;
  }

  /** The number of items that may be taken now. Each party has its own room. The count stops at `most`, because there may be thousands. */
  takeable(room: (party: string) => number, most: number): number {
    let sum = 0;
    for (const [party, items] of this.parties) {
      sum += Math.min(items.length, room(party));
      if (sum >= most) return most;
    }
    return sum;
  }

  /** Takes the first item of the next party that has room. The party then goes to the end of the line. */
  take(room: (party: string) => number): Item | undefined {
    for (const [party, items] of this.parties) {
      if (room(party) < 1) continue;
      const item = items.shift();
      this.parties.delete(party);
      if (items.length > 0) this.parties.set(party, items);
      return item;
    }
    return undefined;
  }

  /** Takes all items. */
  drain(): Item[] {
    const items = [...this.parties.values()].flat();
    this.parties.clear();
    return items;
  }
}
