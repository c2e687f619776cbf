/** The cleanups of a runtime that is closed or fails to start. They run one after the other, the newest first. */

import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Cleanup = () => void | Promise<void>;

export type OnClose = (cleanup: Cleanup) => void;

export class Cleanups {
  private readonly cleanups: Cleanup[] = [];

  readonly add: OnClose = (cleanup) => void this.cleanups.unshift(cleanup);

  /** Runs each cleanup once, even if it is called twice. */
  async run(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0)) await cleanup();
  }
}

export async function temporaryFolder(onClose: OnClose): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-'));
  onClose(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Closes the servers, and the connections of their clients. */
export function closeAll(servers: readonly Server[]): void {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}
