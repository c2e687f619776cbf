/** The server sides of examples: when they run, and what they get. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ServerSides } from '../../bin/examples/server-sides.ts';

const ORIGIN = 'http://localhost:1';

/** One example, `shop`, whose server side is this code. It reports to `globalThis.shop`. */
async function shopWith(code: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'examples-'));
  const calls: unknown[] = [];
  vi.stubGlobal('shop', calls);
  onTestFinished(async () => {
    vi.unstubAllGlobals();
    await rm(folder, { recursive: true });
  });
  await mkdir(path.join(folder, 'shop'));
  await mkdir(path.join(folder, 'page-only'));
  await writeFile(path.join(folder, 'shop', 'server.ts'), code);
  return { sides: new ServerSides(folder), calls };
}

describe('the server side of an example', () => {
  it('starts once for all requests, and gets the URLs of the stage', async () => {
    const { sides, calls } = await shopWith(
      'export const serve = async ({ apiUrl, webSocketUrl }) => void globalThis.shop.push(apiUrl, webSocketUrl);',
    );
    await Promise.all([sides.start('shop', ORIGIN), sides.start('shop', ORIGIN)]);
    await sides.start('shop', ORIGIN);

    expect(calls).toEqual(['http://localhost:1/local', 'ws://localhost:1/local']);
  });

  it('learns of the end of the runtime, and starts again in the next one', async () => {
    const { sides, calls } = await shopWith(
      'export const serve = async ({ signal }) => void globalThis.shop.push(signal);',
    );
    await sides.start('shop', ORIGIN);
    sides.close();
    await sides.start('shop', ORIGIN);

    expect(calls).toMatchObject([{ aborted: true }, { aborted: false }]);
  });

  it('ends when the tour has not shown its page for 20 seconds, and starts again when it does', async () => {
    const { sides, calls } = await shopWith(
      'export const serve = async ({ signal }) => void globalThis.shop.push(signal);',
    );
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    await sides.start('shop', ORIGIN, true);
    vi.advanceTimersByTime(15_000);
    await sides.start('shop', ORIGIN, true);
    vi.advanceTimersByTime(19_999);
    expect(calls).toMatchObject([{ aborted: false }]);

    vi.advanceTimersByTime(1);
    await sides.start('shop', ORIGIN, true);
    expect(calls).toMatchObject([{ aborted: true }, { aborted: false }]);
  });

  it('runs on if a page outside the tour has asked for it', async () => {
    const { sides, calls } = await shopWith(
      'export const serve = async ({ signal }) => void globalThis.shop.push(signal);',
    );
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    await sides.start('shop', ORIGIN, true);
    await sides.start('shop', ORIGIN);
    await sides.start('shop', ORIGIN, true);
    vi.advanceTimersByTime(60_000);

    expect(calls).toMatchObject([{ aborted: false }]);
  });

  it('that fails says why, and is tried again with the next request', async () => {
    const { sides, calls } = await shopWith(
      "export const serve = async () => { if (globalThis.shop.push('') < 2) throw new Error('No tea.'); };",
    );
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    onTestFinished(() => told.mockRestore());

    await expect(sides.start('shop', ORIGIN)).rejects.toThrow('No tea.');
    expect(told).toHaveBeenCalledExactlyOnceWith('examples/shop/server.ts: Error: No tea.\n');
    await sides.start('shop', ORIGIN);
    expect(calls).toHaveLength(2);
  });

  it('is not needed', async () => {
    const { sides } = await shopWith('');

    await expect(sides.start('page-only', ORIGIN)).resolves.toBeUndefined();
  });
});
