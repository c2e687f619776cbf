/** `npm run -s export`: prints what the tables of a stage have of one user. */

import { runCommand } from './command-line.ts';
import { EXPORT_USAGE, parseExportOptions } from './erasure-options.ts';

await runCommand(async (args) => {
  const options = parseExportOptions(args);
  const { stagePlace } = await import('./erasure-place.ts');
  const { exportUser } = await import('./erasure/export.ts');
  const { findSubject } = await import('./erasure/walk.ts');
  const { place } = await stagePlace(options);
  const { subject } = await findSubject(place, options.user);
  return JSON.stringify(await exportUser(place, subject), null, 2);
}, EXPORT_USAGE);
