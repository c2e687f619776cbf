/** The cursors and names of the people in a document, over a channel without history: only the present moment counts. */

import type { Channel } from 'fanfare-client';
import { fromBase64, toBase64 } from 'lib0/buffer';
import * as v from 'valibot';
import { type Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { inTurn } from './in-turn.ts';

export function shareAwareness(awareness: Awareness, channel: Channel): void {
  const mine = awareness.clientID;
  const tell = inTurn(() => channel.publish(toBase64(encodeAwarenessUpdate(awareness, [mine]))));
  awareness.on('update', ({ added }: { added: number[] }, origin: unknown) => {
    // A client that is new here does not know this one yet.
    const isNew = added.some((client) => client !== mine);
    if (origin === 'local' || isNew) void tell();
  });
  channel.subscribe(({ data }) =>
    applyAwarenessUpdate(awareness, fromBase64(v.parse(v.string(), data)), channel),
  );
}
