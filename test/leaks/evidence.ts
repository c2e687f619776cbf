/**
 * The evidence of the search for leaks: the secrets that tests use, and the output of functions, processes and tests. Both are
 * files in a folder that lives as long as the run. Without a run of the tests, no file is kept.
 */

import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from './search.ts';

/** The variable with the folder, for this process and its child processes. */
const FOLDER = 'FANFARE_EVIDENCE';

const SECRETS = 'secrets.jsonl';
const LOGS = 'logs';

/** A shorter one would be found by accident. Characters. */
const SHORTEST = 8;

/** The source of the output: functions in a local runtime, processes that tests start, or tests themselves. */
export type Source = 'functions' | 'processes' | 'tests';

export interface Evidence {
  /** Where the logs are. */
  readonly folder: string;
  readonly secrets: readonly string[];
  readonly logs: readonly Log[];
}

/** Call it with every token, key and password of a test: no log may show it or a part of it. */
export function recordSecret(secret: string): void {
  if (secret.length < SHORTEST) throw new Error(`A secret of fewer than ${SHORTEST} characters is none`);
  append(SECRETS, `${JSON.stringify(secret)}\n`);
}

/** Call it with all printed text, unchanged. */
export function recordOutput(source: Source, text: string): void {
  append(path.join(LOGS, `${source}.log`), text);
}

/** Call it right after a process was started. */
export function recordProcess({ stdout, stderr }: ChildProcess): void {
  for (const stream of [stdout, stderr])
    stream?.on('data', (text) => recordOutput('processes', String(text)));
}

/** Other processes do not split the text of one append. */
function append(file: string, text: string): void {
  const folder = process.env[FOLDER];
  if (folder !== undefined) appendFileSync(path.join(folder, file), text);
}

/** From now on evidence is kept. */
export async function openEvidence(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'evidence-'));
  await mkdir(path.join(folder, LOGS));
  process.env[FOLDER] = folder;
  return folder;
}

/** Reads the evidence, and deletes the secrets from the disk. */
export async function takeEvidence(folder: string): Promise<Evidence> {
  const logs = path.join(folder, LOGS);
  const names = await readdir(logs);
  return {
    folder: logs,
    secrets: await takeSecrets(path.join(folder, SECRETS)),
    logs: await Promise.all(
      names.map(async (name) => ({ name, text: await readFile(path.join(logs, name), 'utf8') })),
    ),
  };
}

export async function removeEvidence(folder: string): Promise<void> {
  // A worker may end after the last test. What it prints then would find no folder, and the whole run would fail.
  delete process.env[FOLDER];
  await rm(folder, { recursive: true });
}

async function takeSecrets(file: string): Promise<string[]> {
  const lines = await readFile(file, 'utf8').catch(() => '');
  await rm(file, { force: true });
  return [...new Set(lines.split('\n').filter((line) => line !== ''))].map((line) => JSON.parse(line));
}
