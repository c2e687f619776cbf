/** Checks the conditions of a release, and says what would be published. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { changedReports } from './api-report.ts';
import { buildPackage, type Packed, packPackage } from './build.ts';
import { publintFindings, typesFindings } from './check.ts';
import { readManifest } from './manifest.ts';
import { builtOf, type PublishedName, ROOT, sourceOf } from './places.ts';
import { runProgram } from './run-tool.ts';

/** The reasons against a release; empty if there is no such reason. */
export async function repositoryFindings(): Promise<string[]> {
  const status = await runProgram('git', ['status', '--porcelain']);
  const changesets = await readdir(path.join(ROOT, '.changeset'));
  const pending = changesets.filter((name) => name.endsWith('.md') && name !== 'README.md');
  return [
    ...(status === '' ? [] : [`There are changes that are not committed:\n${status.trimEnd()}`]),
    ...pending.map((name) => `.changeset/${name} is in no version yet: run "npx changeset version".`),
  ];
}

export interface Candidate {
  readonly name: PublishedName;
  readonly version: string;
  readonly packed: Packed;
  readonly findings: readonly string[];
  /** Whether Git has a tag of this version, and so it was published before. */
  readonly isTagged: boolean;
}

/** Builds, packs and checks one package. @param into An existing folder, for the tarball. */
export async function candidate(name: PublishedName, into: string): Promise<Candidate> {
  const built = builtOf(name);
  await buildPackage(name, built);
  const { version } = await readManifest(sourceOf(name));
  const packed = await packPackage(built, into);
  const findings = await Promise.all([
    publintFindings(packed.tarball),
    changelogFindings(built, version),
    ...(name === 'fanfare-client' ? [typesFindings(packed.tarball), reportFindings(built)] : []),
  ]);
  const tags = await runProgram('git', ['tag', '--list', `${name}@${version}`]);
  return {
    name,
    version,
    packed,
    findings: findings.filter((finding) => finding !== ''),
    isTagged: tags.trim() !== '',
  };
}

async function changelogFindings(built: string, version: string): Promise<string> {
  const changelog = await readFile(path.join(built, 'CHANGELOG.md'), 'utf8');
  return changelog.split('\n').includes(`## ${version}`) ? '' : `CHANGELOG.md says nothing of ${version}.`;
}

async function reportFindings(built: string): Promise<string> {
  const doors = await changedReports(built, false);
  return doors.length === 0 ? '' : `The public API has changed, in ${doors.join(', ')}: run "npm run build".`;
}
