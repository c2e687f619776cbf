import { describe, expect, it } from 'vitest';
import type { RuntimeOptions } from '../../runtime.ts';
import { serveRoutes } from '../serve-routes.ts';

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';

async function rootOf(accept: string, options: RuntimeOptions = {}) {
  const { http } = await serveRoutes({}, options);
  const { status, headers } = await fetch(new URL('/', http), {
    headers: { accept },
    redirect: 'manual',
  });
  return { status, location: headers.get('location') };
}

describe('the root', () => {
  it('leads a browser to the tour', async () => {
    expect(await rootOf(BROWSER)).toEqual({ status: 302, location: '/console/tour.html' });
  });

  it('leads a browser to the page of another app', async () => {
    expect(await rootOf(BROWSER, { home: '/console/' })).toEqual({ status: 302, location: '/console/' });
  });

  it('leads programs to the console, as before', async () => {
    expect(await rootOf('*/*')).toEqual({ status: 302, location: '/console/' });
  });
});
