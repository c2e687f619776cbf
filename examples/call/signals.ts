/** What the two ends of a call tell each other over its channel. */

import * as v from 'valibot';

/** A page that has joined. The same page, loaded again, is a new end. */
const end = v.string();

const description = v.object({
  type: v.picklist(['offer', 'answer', 'pranswer', 'rollback']),
  sdp: v.string(),
});

const candidate = v.object({
  candidate: v.string(),
  sdpMid: v.nullable(v.string()),
  sdpMLineIndex: v.nullable(v.number()),
  usernameFragment: v.nullable(v.string()),
});

export const messageSchema = v.variant('is', [
  v.object({ is: v.literal('joined'), end }),
  v.object({
    is: v.literal('signal'),
    end,
    to: end,
    signal: v.union([v.object({ description }), v.object({ candidate })]),
  }),
]);
