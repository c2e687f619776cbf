/**
 * A Yjs document over a channel. Changes go out as updates. A page that opens later begins with the newest snapshot. Snapshots are in a
 * channel of their own without subscribers, so that only late joiners get them.
 */

import type { Channel, Connection, Message, Subscription } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import * as v from 'valibot';
import { applyUpdate, type Doc, encodeStateAsUpdate, mergeUpdates } from 'yjs';
import { untilDone } from '../until-done.ts';
import { inTurn } from './in-turn.ts';
import { cut, Pieces, piece } from './pieces.ts';

const HOUR_MS = 3_600_000;

/** All messages up to `after` are in the snapshot. */
const snapshotPiece = v.object({ ...piece.entries, after: v.number() });

interface Options {
  /** Something failed for good, for instance because the server refuses the person. */
  readonly onError: (error: unknown) => void;
  /** A snapshot follows each message whose number is a multiple of this. @default 100 */
  readonly snapshotEvery?: number;
}

export class YjsChannel {
  readonly #doc: Doc;
  readonly #updates: Channel;
  readonly #snapshots: Channel;
  readonly #options: Options;
  readonly #pieces = new Pieces();
  #subscription: Subscription | undefined;
  #waiting: Uint8Array[] = [];
  #sent = 0;
  #time = 0;

  constructor(doc: Doc, connection: Connection, name: string, options: Options) {
    this.#doc = doc;
    this.#updates = connection.channel(name);
    this.#snapshots = connection.channel(`${name}-snapshots`);
    this.#options = options;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      // What came from the channel does not go back to it.
      if (origin === this) return;
      this.#waiting.push(update);
      this.#sendUpdate().catch(options.onError);
    });
  }

  /** Settles when the document has the newest snapshot, and what came after it begins to arrive. */
  async open(): Promise<void> {
    const { onError } = this.#options;
    const after = await this.#loadSnapshot();
    // The channel has deleted messages that this page did not get. The newest snapshot contains them.
    const onLost = () => this.#loadSnapshot().catch(onError);
    this.#subscription = this.#updates.subscribe((message) => this.#receive(message), { after, onLost });
    await this.#subscription.ready;
  }

  #receive({ data, seq = 0, time }: Message): void {
    const part = v.parse(piece, data);
    const isMine = part.client === this.#doc.clientID;
    const update = this.#pieces.add(part, seq);
    // The sender gets its own messages, too.
    if (update && !isMine) applyUpdate(this.#doc, update, this);
    const { snapshotEvery = 100, onError } = this.#options;
    const isFirstOfHour = Math.floor(time / HOUR_MS) > Math.floor(this.#time / HOUR_MS);
    this.#time = time;
    // All clients see the same numbers and times, so they need not agree on who does it.
    if (isMine && (isFirstOfHour || seq % snapshotEvery === 0)) this.#sendSnapshot().catch(onError);
  }

  readonly #sendSnapshot = inTurn(() => {
    // A reader needs an update whole, so it has to begin before the first piece of one that is not finished.
    const after = Math.min(this.#subscription?.position ?? 0, this.#pieces.unfinished - 1);
    return this.#publish(this.#snapshots, encodeStateAsUpdate(this.#doc), { after });
  });

  /** Together what has changed since the last time. */
  readonly #sendUpdate = inTurn(() => this.#publish(this.#updates, mergeUpdates(this.#waiting.splice(0))));

  #publish(channel: Channel, bytes: Uint8Array, more = {}): Promise<void> {
    // After a long cut the client does not know whether a message has landed. Yjs takes an update that comes twice once.
    return untilDone(async () => {
      const pieces = cut(bytes, this.#doc.clientID, this.#sent++);
      for (const part of pieces) await channel.publish({ ...part, ...more });
    });
  }

  /** @returns the number of the last message that the snapshot contains; 0 if there is no snapshot. */
  async #loadSnapshot(): Promise<number> {
    const pieces = new Pieces();
    for (let before: number | undefined, more = true; more; ) {
      const options = before === undefined ? {} : { before };
      const page = await untilDone(() => historyOf(this.#snapshots, options));
      for (const { data } of page.messages.toReversed()) {
        const part = v.parse(snapshotPiece, data);
        const snapshot = pieces.add(part);
        if (!snapshot) continue;
        applyUpdate(this.#doc, snapshot, this);
        return part.after;
      }
      ({ more, next: before } = page);
    }
    return 0;
  }
}
