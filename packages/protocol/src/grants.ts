/** The `channels` claim of a token: the channels that it names, with the rights on each. */

import * as v from 'valibot';
import { CHANNEL_LENGTH, GRANTS_BYTES } from './limits.ts';

export const permissions = ['subscribe', 'publish', 'members'] as const;

/** The rights on a channel. `subscribe` includes `history`. */
export type Permission = (typeof permissions)[number];

/** A channel, which may be a built-in one. A `*` may leave its end open, but never its namespace. */
const PATTERN = /^(?:(?:[A-Za-z0-9_-]+|@user):[A-Za-z0-9_\-=@,.;:/]*\*?|@all|\*)$/;

const pattern = v.pipe(
  v.string(),
  v.maxLength(CHANNEL_LENGTH),
  v.regex(PATTERN, 'a pattern is namespace:name, namespace:start*, or * for every channel'),
);

/** Pattern to permissions: `{"chat:*": ["subscribe", "publish"]}`. */
export const grants = v.pipe(
  v.record(pattern, v.array(v.picklist(permissions))),
  // All of its characters are ASCII, so it has as many bytes as characters.
  v.check(
    (claim) => JSON.stringify(claim).length <= GRANTS_BYTES,
    `the channels of a token are at most ${GRANTS_BYTES} bytes of JSON`,
  ),
);

export type Grants = Readonly<v.InferOutput<typeof grants>>;
