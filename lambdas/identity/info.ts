/** The `info` claim of a token, which other members of a channel see. */

import { isTooDeep } from 'fanfare-protocol/json';
import { INFO_BYTES, JSON_DEPTH } from 'fanfare-protocol/limits';
import * as v from 'valibot';

/** Any JSON. `null` is a value; a token without the claim has no info. */
export const info = v.pipe(
  v.unknown(),
  v.check(
    // The depth first: `JSON.stringify` is recursive.
    (claim) => !isTooDeep(claim) && Buffer.byteLength(JSON.stringify(claim) ?? '') <= INFO_BYTES,
    `the info of a token is at most ${INFO_BYTES} bytes of JSON, of at most ${JSON_DEPTH} levels`,
  ),
);
