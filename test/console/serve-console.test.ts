import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { serveRoutes } from '../local/serve-routes.ts';

/** The answer to a path exactly as it is written, where `fetch` would resolve its dots first. */
async function answerTo(path: string): Promise<{ readonly status: number; readonly body: string }> {
  const { http } = await serveRoutes({});
  const { hostname, port } = new URL(http);
  const [response] = await once(request({ hostname, port, path }).end(), 'response');
  return { status: response.statusCode, body: (await response.toArray()).join('') };
}

describe('the console', () => {
  it.each([
    ['', 'index.html', 'text/html; charset=utf-8'],
    ['main.js', 'main.js', 'text/javascript; charset=utf-8'],
    ['console.css', 'console.css', 'text/css; charset=utf-8'],
  ])('is served at /console/%s', async (name, file, type) => {
    const { runtime } = await serveRoutes({});
    const response = await fetch(runtime.urls.console + name);

    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(await response.text()).toBe(await readFile(`console/${file}`, 'utf8'));
  });

  it('comes with the client library as one module', async () => {
    const { runtime } = await serveRoutes({});
    const response = await fetch(`${runtime.urls.console}client.js`);

    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toMatch(/export\s*\{.*as connect/);
  });

  it.each(['client.d.ts', 'tsconfig.json'])('leaves out %s, which is for the compiler', async (name) => {
    expect(await answerTo(`/console/${name}`)).toMatchObject({ status: 404 });
  });

  it('runs no inline script and loads nothing from another origin', async () => {
    const { runtime } = await serveRoutes({});
    const { headers } = await fetch(runtime.urls.console);
    const policy = headers.get('content-security-policy') ?? '';

    expect(policy.split('; ')).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy.split('; ')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('lets its own pages show the page of an example in a frame, and no other page', async () => {
    const { http } = await serveRoutes({});
    const { headers } = await fetch(new URL('/examples/chat/', http));

    expect(headers.get('content-security-policy')?.split('; ')).toContain("frame-ancestors 'self'");
  });

  it('is not cached, so that an edit shows', async () => {
    const { runtime } = await serveRoutes({});

    expect((await fetch(runtime.urls.console)).headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['unknown.js', 'index.html/', 'constructor', '__proto__'])(
    'answers 404 to the unknown file %s',
    async (name) => {
      expect(await answerTo(`/console/${name}`)).toMatchObject({ status: 404 });
    },
  );

  it.each(['../package.json', '..%2fpackage.json', '%2e%2e/package.json', '/etc/passwd', './main.js'])(
    'serves no other file of the disk: %s',
    async (name) => {
      const { status, body } = await answerTo(`/console/${name}`);

      expect([status, JSON.parse(body)]).toEqual([404, { message: 'Not Found' }]);
    },
  );

  it('is the page to which the root leads', async () => {
    const { http } = await serveRoutes({});
    const response = await fetch(new URL('/', http), { redirect: 'manual' });

    expect([response.status, response.headers.get('location')]).toEqual([302, '/console/']);
  });
});
