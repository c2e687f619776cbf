import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { consoleSite, localConsoleSite } from '../../console/console-site.ts';

describe('the site of the console', () => {
  it('tells its pages whether the local runtime serves them', async () => {
    const deployed = await consoleSite.get('place.js')?.content();
    const local = await localConsoleSite.get('place.js')?.content();

    expect(deployed).toMatch(/isServedLocally = .*false/);
    expect(local).toMatch(/isServedLocally = true/);
  });

  it('differs in no other file', () => {
    const differing = [...localConsoleSite].filter(([name, file]) => consoleSite.get(name) !== file);

    expect(differing.map(([name]) => name)).toEqual(['place.js']);
    expect(localConsoleSite.size).toBe(consoleSite.size);
  });

  it.each(['first-steps.md', 'console.md', 'client.md'])('has %s of the docs as text', async (name) => {
    const file = consoleSite.get(name);

    expect(file?.type).toBe('text/plain; charset=utf-8');
    expect(await file?.content()).toBe(await readFile(`docs/${name}`, 'utf8'));
  });

  it.each(['index.html', 'tour.html'])('lets %s run and load only files of the site', async (name) => {
    const page = (await consoleSite.get(name)?.content()) ?? '';
    const loaded = [...page.matchAll(/ (?:src|href)="([^"#]+)[^"]*"/g)].map(([, link = '']) => link);

    expect(page).toContain(`content="default-src 'self';`);
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+="/);
    expect(loaded).toContain('base.css');
    // The tour shows the link to the examples only where the local runtime serves both.
    const own = loaded.filter((link) => !['./', '/examples/'].includes(link));
    expect(own.filter((link) => !consoleSite.has(link))).toEqual([]);
  });
});
