/** `npm run release`: packs and checks the packages, and says what would be published. It publishes nothing. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PUBLISHED, ROOT } from './packages/places.ts';
import { announcement, candidate, repositoryFindings } from './packages/release-check.ts';

const tarballs = path.join(ROOT, '.build/tarballs');
await mkdir(tarballs, { recursive: true });

// The tarballs have to come from the commit, so uncommitted changes are refused first.
const findings = await repositoryFindings();
for (const name of PUBLISHED) {
  const found = await candidate(name, tarballs);
  process.stdout.write(`${announcement(found)}\n`);
  findings.push(...found.findings.map((text) => `${name}: ${text}`));
}

for (const finding of findings) process.stderr.write(`${finding}\n`);
if (findings.length > 0) process.exitCode = 1;
