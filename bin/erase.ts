/** `npm run -s erase`: takes one user's data out of the tables of a stage. A dry run first. */

import { runCommand } from './command-line.ts';
import { ERASE_USAGE, parseEraseOptions } from './erasure-options.ts';

await runCommand(async (args) => {
  const options = parseEraseOptions(args);
  const { user, isDry, from } = options;
  // The clients of AWS take half a second to load, which neither help nor a mistake in the flags waits for.
  const { prices } = await import('fanfare-local');
  const { stagePlace } = await import('./erasure-place.ts');
  const { erase } = await import('./erasure/erase.ts');
  const { erasureReport } = await import('./erasure/report.ts');
  const { findSubject } = await import('./erasure/walk.ts');
  const { revokeUser } = await import('./revoke-user.ts');
  const { place, others } = await stagePlace(options);
  // Before the revocation, which deletes the rows by which a user's mailboxes are found.
  const search = await findSubject(place, user);
  // So that nothing new appears behind the pages that are done.
  if (!isDry) await revokeUser(options);
  const tallies = await erase(place, search, { isDry, from });
  return erasureReport({ user, isDry, tallies, prices, others });
}, ERASE_USAGE);
