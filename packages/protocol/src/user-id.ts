/** The id of a user: one rule for tokens, requests, events and the command line. */

import * as v from 'valibot';
import { parseChannel, userChannel } from './channel.ts';
import { USER_LENGTH } from './limits.ts';

const TOO_LONG = 'the name is too long';

export const userId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(USER_LENGTH, TOO_LONG),
  // UTF-8 has no unpaired surrogates: each is stored as U+FFFD, so two different users would become one.
  v.check((user) => !/\p{Surrogate}/u.test(user), 'the name is not Unicode'),
  v.check((user) => parseChannel(userChannel(user)) !== undefined, TOO_LONG),
);
