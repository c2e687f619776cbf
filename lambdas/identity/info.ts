/** The `info` claim of a token: what those who see who is there are told about its bearer. */

import { isTooDeep } from 'fanfare-protocol/json';
import { INFO_BYTES, JSON_DEPTH } from 'fanfare-protocol/limits';
import * as v from 'valibot';

/** Any JSON; `null` says something, and a token without the claim nothing. */
export const info = v.pipe(
  v.unknown(),
  v.check(
    // The depth first: `JSON.stringify` is recursive.
    (claim) => !isTooDeep(claim) && Buffer.byteLength(JSON.stringify(claim) ?? '') <= INFO_BYTES,
    `the info of a token is at most ${INFO_BYTES} bytes of JSON, of at most ${JSON_DEPTH} levels`,
  ),
);
