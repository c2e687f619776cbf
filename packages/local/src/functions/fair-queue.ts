/**
 * What waits for an environment: first come, first served within a connection, and by turns between connections. On Lambda
 * nobody waits behind somebody else's flood; here there are few environments, and so there is a queue.
 */

import * as v from 'valibot';

const ofConnection = v.object({ requestContext: v.object({ connectionId: v.string() }) });

/** All that come from no connection. */
export const NO_CONNECTION = '';

/** Whose event it is. */
export function partyOf(event: unknown): string {
  const { success, output } = v.safeParse(ofConnection, event);
  return success ? output.requestContext.connectionId : NO_CONNECTION;
}

export class FairQueue<Item> {
  /** In the order of their turns. */
  private readonly parties = new Map<string, Item[]>();

  put(party: string, item: Item): void {
    const items = this.parties.get(party);
    if (items) items.push(item);
    else this.parties.set(party, [item]);
  }

  /** How many items of a party wait. */
  backlog(party: string): number {
    return this.parties.get(party)?.length ?? 0;
  }

  /** How many items may be taken now, each party having room for so many more; counted up to `most`, as there may be thousands. */
  takeable(room: (party: string) => number, most: number): number {
    let sum = 0;
    for (const [party, items] of this.parties) {
      sum += Math.min(items.length, room(party));
      if (sum >= most) return most;
    }
    return sum;
  }

  /** The first item of the first party in turn that has room for it; that party is last then. */
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

  /** Everything, and nothing is left. */
  drain(): Item[] {
    const items = [...this.parties.values()].flat();
    this.parties.clear();
    return items;
  }
}
