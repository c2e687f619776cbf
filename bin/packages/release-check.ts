/** Checks the conditions of a release, and says what would be published. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { apiOf, changedReports } from './api-report.ts';
import { publintFindings, sizeFindings, sizes, typesFindings } from './check.ts';
import { doorsOf, readManifest } from './manifest.ts';
import { type Packed, packPackage } from './pack.ts';
import { builtOf, folderOf, type PublishedName, ROOT } from './places.ts';
import { runProgram } from './run-tool.ts';

/** The reasons against a release; empty if there is no such reason. */
export async function repositoryFindings(): Promise<string[]> {
  const status = await runProgram('git', ['status', '--porcelain']);
  return [...uncommittedFindings(status), ...changesetFindings(await readdir(path.join(ROOT, '.changeset')))];
}

/** @param status What `git status --porcelain` prints. */
export function uncommittedFindings(status: string): string[] {
  return status.trim() === '' ? [] : [`There are changes that are not committed:\n${status.trimEnd()}`];
}

/** @param names The files of the folder `.changeset`. */
export function changesetFindings(names: readonly string[]): string[] {
  const pending = names.filter((name) => name.endsWith('.md') && name !== 'README.md');
  return pending.map((name) => `.changeset/${name} is in no version yet: run "npx changeset version".`);
}

/** @param doors Those whose committed report differs from what is built. */
export function reportFindings(doors: readonly string[]): string[] {
  return doors.length === 0
    ? []
    : [`The public API has changed, in ${doors.join(', ')}: run "npm run build".`];
}

export function changelogFindings(changelog: string, version: string): string[] {
  return changelog.split('\n').includes(`## ${version}`) ? [] : [`CHANGELOG.md says nothing of ${version}.`];
}

export interface Candidate {
  readonly name: PublishedName;
  readonly version: string;
  readonly packed: Packed;
  readonly findings: readonly string[];
  /** Whether Git has a tag of this version, and so it was published before. */
  readonly isTagged: boolean;
}

/** Packs and checks one package. @param into An existing folder, for the tarball. */
export async function candidate(name: PublishedName, into: string): Promise<Candidate> {
  const packed = await packPackage(name, into);
  const folder = folderOf(name);
  const { version } = await readManifest(folder);
  const findings = await Promise.all([
    publintFindings(packed.tarball),
    typesFindings(packed.tarball, name === 'fanfare' ? 'strict' : 'esm-only'),
    readFile(path.join(folder, 'CHANGELOG.md'), 'utf8').then((text) => changelogFindings(text, version)),
    changedReports(apiOf(name), false).then(reportFindings),
    ...(name === 'fanfare-client' ? [clientSizeFindings()] : []),
  ]);
  const tags = await runProgram('git', ['tag', '--list', `${name}@${version}`]);
  return {
    name,
    version,
    packed,
    findings: findings.flat().filter((finding) => finding !== ''),
    isTagged: tags.trim() !== '',
  };
}

async function clientSizeFindings(): Promise<string[]> {
  const name = 'fanfare-client';
  const doors = doorsOf(await readManifest(folderOf(name)));
  return sizeFindings(await sizes(builtOf(name), doors));
}

/** The lines that `npm run release` prints of a candidate. */
export function announcement({ name, version, packed, isTagged }: Candidate): string {
  if (isTagged) return `${name}@${version} has a tag already, and would not be published.`;
  const { size, unpackedSize, files, tarball } = packed;
  const sizes = `${files.length} files, ${size} bytes packed, ${unpackedSize} unpacked`;
  const command = `npm publish ${path.relative(ROOT, tarball)} --access public && git tag ${name}@${version}`;
  return `${name}@${version} would be published: ${sizes}.\n  ${command}`;
}
