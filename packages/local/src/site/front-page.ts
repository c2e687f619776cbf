/** The runtime's own page: the URLs, the refused handshakes, and the bill so far. */

import type { Bill } from '../bill/bill.ts';
import { billReport } from '../bill/bill-report.ts';
import type { RefusedHandshake } from '../gateway/refusals.ts';
import type { Pages } from './pages.ts';
import type { Urls } from './urls.ts';

/** Read again for each request. */
export interface FrontPageSources {
  readonly urls: Urls;
  readonly outputs: Readonly<Record<string, string>>;
  readonly refusals: () => readonly RefusedHandshake[];
  readonly bill: () => Bill;
}

/** One file without scripts and styles, because the policy of the pages forbids inline ones. */
export function frontPage(sources: FrontPageSources): Pages {
  const content = async () => htmlOf(sources);
  return new Map([['index.html', { type: 'text/html; charset=utf-8', content }]]);
}

function htmlOf({ urls, outputs, refusals, bill }: FrontPageSources): string {
  const places = Object.entries({ ...urls.apis, ...urls.functionUrls, DynamoDB: urls.dynamodb, ...outputs });
  const refused = refusals().map(({ time, status, reason }) => [
    new Date(time).toISOString(),
    String(status),
    reason,
  ]);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Running</title>
<h1>Running</h1>
${table(places)}
<h2>Refused handshakes</h2>
${refused.length === 0 ? '<p>No handshake was refused.</p>' : table(refused)}
<h2>Bill</h2>
<pre>${escaped(billReport(bill()))}</pre>
</html>
`;
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`);
  return `<table>\n${lines.join('\n')}\n</table>`;
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Clients and functions choose reasons and route keys. Between tags, only these three characters have a meaning. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ENTITIES.get(character) ?? '');
}
