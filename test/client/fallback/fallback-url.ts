/** Where a runtime serves the fallback function. */

import type { Runtime } from '../../runtime.ts';

export function fallbackUrlOf({ urls }: Runtime): string {
  const url = Object.entries(urls.functionUrls).find(([name]) => name.endsWith('-fallback'))?.[1];
  if (url === undefined) throw new Error('The runtime serves no fallback function');
  return url;
}
