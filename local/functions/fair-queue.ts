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

interface Line<Item> {
  readonly items: Item[];
  /** How often somebody behind it was served since it was. */
  passedOver: number;
}

export class FairQueue<Item> {
  /** In the order of their turns. */
  private readonly parties = new Map<string, Line<Item>>();

  put(party: string, item: Item): void {
    const line = this.parties.get(party);
    if (line) line.items.push(item);
    else this.parties.set(party, { items: [item], passedOver: 0 });
  }

  /** How many items of a party wait. */
  backlog(party: string): number {
    return this.parties.get(party)?.items.length ?? 0;
  }

  /** The first item of the first party in turn that may have one; that party is last then. */
  take(mayHave: (party: string, passedOver: number) => boolean): Item | undefined {
    const passed: Line<Item>[] = [];
    for (const [party, line] of this.parties) {
      if (mayHave(party, line.passedOver)) {
        for (const one of passed) one.passedOver += 1;
        return this.serve(party, line);
      }
      passed.push(line);
    }
    return undefined;
  }

  /** Everything, and nothing is left. */
  drain(): Item[] {
    const items = [...this.parties.values()].flatMap((line) => line.items);
    this.parties.clear();
    return items;
  }

  private serve(party: string, { items }: Line<Item>): Item | undefined {
    const item = items.shift();
    this.parties.delete(party);
    if (items.length > 0) this.parties.set(party, { items, passedOver: 0 });
    return item;
  }
}
