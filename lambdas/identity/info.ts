/** The `info` claim of a token: what those who see who is there are told about its bearer. */

import * as v from 'valibot';
import { INFO_BYTES } from '../../protocol/limits.ts';

/** Any JSON; `null` says something, and a token without the claim nothing. */
export const info = v.pipe(
  v.unknown(),
  v.check(
    (claim) => Buffer.byteLength(JSON.stringify(claim) ?? '') <= INFO_BYTES,
    `the info of a token is at most ${INFO_BYTES} bytes of JSON`,
  ),
);
