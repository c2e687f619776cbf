/** Serves the console's few static files; nothing else on the disk can be reached. */

import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { replyError } from './http-reply.ts';

const files = new Map([
  ['', { file: 'index.html', type: 'text/html; charset=utf-8' }],
  ['console.js', { file: 'console.js', type: 'text/javascript; charset=utf-8' }],
  ['icon.svg', { file: 'icon.svg', type: 'image/svg+xml' }],
  ['console.css', { file: 'console.css', type: 'text/css; charset=utf-8' }],
]);

const folder = new URL('../../console/', import.meta.url);

/** No inline script and no other origin: what a message contains can never run. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'";

export async function serveConsole(name: string, response: ServerResponse): Promise<void> {
  const found = files.get(name);
  if (!found) {
    replyError(response, 404, 'NotFoundException', 'Not Found');
    return;
  }
  const content = await readFile(new URL(found.file, folder));
  response.writeHead(200, {
    'Content-Type': found.type,
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(content);
}
