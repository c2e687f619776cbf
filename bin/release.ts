/** `npm run release`: builds, packs and checks the packages, and says what would be published. It publishes nothing. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PUBLISHED, ROOT } from './packages/places.ts';
import { type Candidate, candidate, repositoryFindings } from './packages/release-check.ts';

const tarballs = path.join(ROOT, '.build/tarballs');
await mkdir(tarballs, { recursive: true });

const candidates: Candidate[] = [];
// The tarballs have to come from the commit, so uncommitted changes are refused first.
const findings = await repositoryFindings();
for (const name of PUBLISHED) candidates.push(await candidate(name, tarballs));

for (const { name, version, packed, isTagged } of candidates) {
  const { size, unpackedSize, files, tarball } = packed;
  const sizes = `${files.length} files, ${size} bytes packed, ${unpackedSize} unpacked`;
  process.stdout.write(
    isTagged
      ? `${name}@${version} has a tag already, and would not be published.\n`
      : `${name}@${version} would be published: ${sizes}.\n  npm publish ${path.relative(ROOT, tarball)} --access public && git tag ${name}@${version}\n`,
  );
}

const all = [
  ...findings,
  ...candidates.flatMap(({ name, findings }) => findings.map((text) => `${name}: ${text}`)),
];
for (const finding of all) process.stderr.write(`${finding}\n`);
if (all.length > 0) process.exitCode = 1;
