/** The folders of finished and unfinished bundles. This module does not import the CDK, because `npm start` needs only the names. */

import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { KEPT, SOURCES } from './sources.ts';

export { KEPT };

export const PROJECT = SOURCES;

const prefixOf = (pid: number) => `building.${pid}.`;

/** A new folder for one build. Its name contains the id of the process. */
export function buildingFolder(): string {
  return path.join(KEPT, `${prefixOf(process.pid)}${randomUUID()}`);
}

/** The folders of builds that a process did not finish. */
export function unfinishedBuilds(pid: number): readonly string[] {
  if (!existsSync(KEPT)) return [];
  const names = readdirSync(KEPT).filter((name) => name.startsWith(prefixOf(pid)));
  return names.map((name) => path.join(KEPT, name));
}
