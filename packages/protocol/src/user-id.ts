/** The id of a user: one rule for every door that takes one, be it in a token, a request, an event or on the command line. */

import * as v from 'valibot';
import { parseChannel, userChannel } from './channel.ts';
import { USER_LENGTH } from './limits.ts';

const TOO_LONG = 'the name is too long';

export const userId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(USER_LENGTH, TOO_LONG),
  // Half a surrogate pair is stored as U+FFFD, as every other half: two users would be one.
  v.check((user) => !/\p{Surrogate}/u.test(user), 'the name is not Unicode'),
  v.check((user) => parseChannel(userChannel(user)) !== undefined, TOO_LONG),
);
