/** Serves the pages that the runtime was handed, below `/console/` and other paths. No other file of the disk can be reached. */

import type { ServerResponse } from 'node:http';
import { replyError } from '../web/error-reply.ts';

export interface PageFile {
  /** The `Content-Type`. */
  readonly type: string;
  /** Called for each request, so that an edit of the file shows. */
  content(): Promise<string>;
  /** Whether pages of this server may show it in a frame. No page of another origin may. */
  readonly mayBeFramed?: boolean;
}

/** By their names: `index.html` is also the answer to the path itself. */
export type Pages = ReadonlyMap<string, PageFile>;

/** A site whose pages are not known at the start. */
export interface PageSite {
  /**
   * @param name The path after that of the site, not decoded.
   * @param url The whole URL, with its query.
   */
  find(name: string, url: URL): PageFile | undefined;
  /** Ends what runs for its pages. The runtime calls it before it closes anything else. */
  close?(): void;
}

/** By the path that the pages are below, with a slash at both ends. */
export type MorePages = ReadonlyMap<string, PageSite>;

export const PAGES_PATH = '/console/';

/** Forbids inline scripts and other origins, so that no text of a client can run as a script. */
function contentSecurityPolicy({ mayBeFramed = false }: PageFile): string {
  const ancestors = mayBeFramed ? "'self'" : "'none'";
  return `default-src 'self'; connect-src 'self' ws: wss: http: https:; frame-ancestors ${ancestors}`;
}

/** @param name The path after `/console/`. */
export function pageOf(pages: Pages, name: string): PageFile | undefined {
  return pages.get(name === '' ? 'index.html' : name);
}

export async function servePage(file: PageFile | undefined, response: ServerResponse): Promise<void> {
  if (!file) return replyError(response, 404, 'NotFoundException', 'Not Found');
  const content = await file.content();
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Security-Policy': contentSecurityPolicy(file),
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(content);
}
