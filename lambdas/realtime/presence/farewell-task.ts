/** The payloads of the function `farewell`: to work off the due list, or to check users that another function names. */

import * as v from 'valibot';

const namedUsers = v.object({
  lingering: v.array(
    v.object({
      channel: v.string(),
      user: v.string(),
      /** Milliseconds since 1970. */
      until: v.number(),
    }),
  ),
});

const shift = v.object({
  /** The one who takes the shift. Lambda repeats a failed invocation with the same payload, so the repetition may go on with it. */
  worker: v.string(),
});

export const farewellTask = v.union([namedUsers, shift]);

export type FarewellTask = Readonly<v.InferInput<typeof farewellTask>>;
