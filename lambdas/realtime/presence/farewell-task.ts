/** What the function that waits for who is leaving is asked to do: the shape of an asynchronous invocation. */

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
