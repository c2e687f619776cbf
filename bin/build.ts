/**
 * `npm run build`: builds the packages that npm gets, each into its folder `dist`, and reports their public API. With the
 * name of a package it only builds that one, which npm does before it packs a package.
 */

import path from 'node:path';
import { apiOf, changedReports } from './packages/api-report.ts';
import { buildPackage } from './packages/build.ts';
import { builtOf, PUBLISHED, ROOT } from './packages/places.ts';

const named = process.argv.slice(2);
const unknown = named.filter((name) => !PUBLISHED.some((published) => published === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no package ${unknown.join(', ')}, but ${PUBLISHED.join(' and ')}.\n`);
  process.exit(2);
}

if (named.length === 0) await buildAndReport();
// Prints nothing: `npm pack --json` prints its JSON to the same stream.
else for (const name of PUBLISHED) if (named.includes(name)) await buildPackage(name);

async function buildAndReport(): Promise<void> {
  for (const name of PUBLISHED) {
    await buildPackage(name);
    process.stdout.write(`${name}: ${builtOf(name)}\n`);
  }
  for (const name of PUBLISHED) {
    const api = apiOf(name);
    for (const door of await changedReports(api, true))
      process.stdout.write(
        `The public API has changed: ${path.relative(ROOT, api.reports)}/${door}.api.md\n`,
      );
  }
}
