/** Where bundles are kept, and where they are while they are being built. Imports no CDK: `npm start` needs the names only. */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** `FANFARE_BUNDLES` names another folder; an empty one has everything built again. */
export const KEPT = process.env['FANFARE_BUNDLES'] ?? path.join(PROJECT, '.local', 'bundles');
const prefixOf = (pid) => `building.${pid}.`;
/** A folder that no other build uses, and that tells which process builds in it. */
export function buildingFolder() {
    return path.join(KEPT, `${prefixOf(process.pid)}${randomUUID()}`);
}
/** What a process has left of builds that it did not finish. */
export function unfinishedBuilds(pid) {
    if (!existsSync(KEPT))
        return [];
    const names = readdirSync(KEPT).filter((name) => name.startsWith(prefixOf(pid)));
    return names.map((name) => path.join(KEPT, name));
}
