/**
 * A diff: one frame, an array, with several joins and leaves of a channel. Observers that asked for diffs get it as it is. Others get the
 * same changes one by one, because a client that knows only events of one member would miss those in a list.
 */

import * as v from 'valibot';

const diff = v.array(
  v.object({ event: v.string(), channel: v.string(), members: v.array(v.record(v.string(), v.unknown())) }),
);

/** The first byte of an array. Every other frame is an object. */
const ARRAY = '['.charCodeAt(0);

/** Some recipients of a broadcast, and the frame that they get. */
export interface Share<Recipient> {
  readonly frame: Uint8Array;
  readonly recipients: readonly Recipient[];
}

/** The first share has the frame itself. Without a diff, it is the only one. */
export function sharesOf<Recipient extends { readonly takesDiffs?: boolean }>(
  frame: Uint8Array,
  recipients: readonly Recipient[],
): readonly [Share<Recipient>, ...Share<Recipient>[]] {
  if (frame[0] !== ARRAY) return [{ frame, recipients }];
  const taking = recipients.filter(({ takesDiffs }) => takesDiffs);
  const others = recipients.filter(({ takesDiffs }) => !takesDiffs);
  const single = others.length > 0 ? oneByOne(frame) : [];
  return [{ frame, recipients: taking }, ...single.map((one) => ({ frame: one, recipients: others }))];
}

function oneByOne(frame: Uint8Array): readonly Uint8Array[] {
  const events = v.parse(diff, JSON.parse(new TextDecoder().decode(frame)));
  return events.flatMap(({ event, channel, members }) =>
    members.map((member) => new TextEncoder().encode(JSON.stringify({ event, channel, member }))),
  );
}
