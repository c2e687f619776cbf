/** Serves the pages that the runtime was handed, below `/console/`. No other file of the disk can be reached. */

import type { ServerResponse } from 'node:http';
import { replyError } from '../web/error-reply.ts';

export interface PageFile {
  /** The `Content-Type`. */
  readonly type: string;
  /** Called for each request, so that an edit of the file shows. */
  content(): Promise<string>;
}

/** By their names: `index.html` is also the answer to the path itself. */
export type Pages = ReadonlyMap<string, PageFile>;

export const PAGES_PATH = '/console/';

/** Forbids inline scripts and other origins, so that no text of a client can run as a script. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; connect-src 'self' ws: wss: http: https:; frame-ancestors 'none'";

/** @param name The path after `/console/`. */
export async function servePage(pages: Pages, name: string, response: ServerResponse): Promise<void> {
  const file = pages.get(name === '' ? 'index.html' : name);
  if (!file) return replyError(response, 404, 'NotFoundException', 'Not Found');
  const content = await file.content();
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(content);
}
