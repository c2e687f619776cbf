import type { Server } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../../packages/local/src/guard/listen.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';

/** Listens until the test is over. */
async function listening(port: number) {
  const { servers, ...rest } = await listen(port);
  onTestFinished(() => closeAll(servers));
  return { servers, ...rest };
}

function closeAll(servers: readonly Server[]): void {
  for (const server of servers) server.close();
}

const addressOf = (server: Server) => {
  const address = server.address();
  return typeof address === 'object' ? address?.address : undefined;
};

describe('listen', () => {
  it('takes any free port for 0, the same on every address', async () => {
    const { port, servers } = await listening(0);

    expect(port).toBeGreaterThan(0);
    expect(servers.map((server) => server.address())).toEqual(
      servers.map(() => expect.objectContaining({ port })),
    );
  });

  it('listens on loopback alone', async () => {
    const { servers } = await listening(0);

    expect(['127.0.0.1', '::1'].slice(0, servers.length)).toEqual(servers.map(addressOf));
  });

  it('says in one sentence which port is in use, and what to do', async () => {
    const { port } = await listening(0);

    await expect(listen(port)).rejects.toThrow(
      new StartError(`Port ${port} is in use; choose another with --port, or any free one with --port 0.`),
    );
  });

  it('takes a port again that was given up', async () => {
    const { port, servers } = await listen(0);
    closeAll(servers);

    expect((await listening(port)).port).toBe(port);
  });
});
