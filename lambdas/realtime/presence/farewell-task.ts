/** The payload of the function `farewell`, which waits until users have lingered. */

import * as v from 'valibot';

export const farewellTask = v.object({
  lingering: v.array(
    v.object({
      channel: v.string(),
      user: v.string(),
      /** Milliseconds since 1970. */
      until: v.number(),
    }),
  ),
});

export type FarewellTask = Readonly<v.InferInput<typeof farewellTask>>;
