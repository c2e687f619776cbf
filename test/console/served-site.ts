/** The console's files on a port that no server listens on: the page loads, and every handshake with its own host fails. */

import type { Page, Route } from 'playwright-core';
import { consoleSite, localConsoleSite, type SiteFile } from '../../local/console/console-site.ts';
import { freePort } from '../free-port.ts';

const sites = { deployed: consoleSite, local: localConsoleSite };

/** @returns where the page finds them. */
export async function serveSite(page: Page, kind: keyof typeof sites): Promise<string> {
  const url = `http://localhost:${await freePort()}/`;
  await page.route(`${url}**`, (route) => answer(route, sites[kind]));
  return url;
}

async function answer(route: Route, site: ReadonlyMap<string, SiteFile>): Promise<void> {
  const { pathname } = new URL(route.request().url());
  const file = site.get(pathname.slice(1) || 'index.html');
  if (file) await route.fulfill({ contentType: file.type, body: await file.content() });
  else await route.fulfill({ status: 404 });
}
