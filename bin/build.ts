/** `npm run build`: builds the packages that npm gets, each into its folder `dist`, and reports the public API of the client. */

import { changedReports } from './packages/api-report.ts';
import { buildPackage } from './packages/build.ts';
import { builtOf, PUBLISHED } from './packages/places.ts';

for (const name of PUBLISHED) {
  await buildPackage(name, builtOf(name));
  process.stdout.write(`${name}: ${builtOf(name)}\n`);
}
for (const door of await changedReports(builtOf('fanfare-client'), true))
  process.stdout.write(`The public API has changed: packages/client/api/${door}.api.md\n`);
