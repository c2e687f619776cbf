/** The name of a stage, as tokens and events name it. */

import * as v from 'valibot';

/** API Gateway takes these characters in the name of a stage. */
const STAGE_RULE = 'it is the name of a stage, such as prod: 1 to 128 of A-Za-z0-9_-';

export const stageName = v.pipe(v.string(STAGE_RULE), v.regex(/^[\w-]{1,128}$/, STAGE_RULE));
