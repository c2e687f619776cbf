/** The `info` claim of a token, which other members of a channel see. */

import * as v from 'valibot';
import { isTooDeep } from './json.ts';
import { INFO_BYTES, JSON_DEPTH } from './limits.ts';

const encoder = new TextEncoder();

/** Any JSON. `null` is a value; a token without the claim has no info. */
export const info = v.pipe(
  v.unknown(),
  v.check(
    // The depth first: `JSON.stringify` is recursive.
    (claim) => !isTooDeep(claim) && encoder.encode(JSON.stringify(claim)).length <= INFO_BYTES,
    `the info of a token is at most ${INFO_BYTES} bytes of JSON, of at most ${JSON_DEPTH} levels`,
  ),
);
