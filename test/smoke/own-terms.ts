/** The smoke command's terms for the stage of this repository: its configuration, and tokens that are signed with its secret. */

import config from '../../fanfare.config.ts';
import { Places } from '../../smoke/places.ts';
import type { Terms } from '../../smoke/stage.ts';
import { BARE } from '../../smoke/wrapping.ts';

export const ownTerms: Terms = {
  given: { users: [] },
  places: new Places(config({ local: true })),
  wrapping: BARE,
};
