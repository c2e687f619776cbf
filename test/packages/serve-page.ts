/** A few files at an address of this machine, as any static server has them. */

import { once } from 'node:events';
import { createServer } from 'node:http';

interface ServedFile {
  readonly type: string;
  readonly text: string;
}

export async function servePage(files: Readonly<Record<string, ServedFile>>) {
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    // Browsers ask for an icon, too.
    if (!file) return void response.writeHead(204).end();
    response.writeHead(200, { 'content-type': file.type }).end(file.text);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
