/** What a runtime has to undo when it is closed, or when it fails to start: the newest first, one after the other. */

import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Cleanup = () => void | Promise<void>;

export type OnClose = (cleanup: Cleanup) => void;

export class Cleanups {
  private readonly cleanups: Cleanup[] = [];

  readonly add: OnClose = (cleanup) => void this.cleanups.unshift(cleanup);

  /** Each of them runs once, however often this is called. */
  async run(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0)) await cleanup();
  }
}

export async function temporaryFolder(onClose: OnClose): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-'));
  onClose(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Clients that are connected lose their connections. */
export function closeAll(servers: readonly Server[]): void {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}
