/** The code blocks of README and docs work as they are printed, on the Node.js that runs this test. CI uses the oldest supported one. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_SECRETS } from '../../bin/local-secrets.ts';
import { isBrowserMissing, launchBrowser } from '../browser.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { tokenSecretOf } from '../tokens.ts';
import { type Block, blocksOf, readBlocks } from './snippets/blocks.ts';
import { type Checkout, openCheckout, ROOT } from './snippets/checkout.ts';
import { compile } from './snippets/compile.ts';
import { paste } from './snippets/in-browser.ts';
import { runProcess } from './snippets/run-process.ts';
import { mintServerToken } from './snippets/server-token.ts';
import { missingScripts, parseErrors, unknownOptions } from './snippets/shell-lines.ts';
import { texts, ways } from './snippets/table.ts';
import type { Way } from './snippets/ways.ts';

/** Languages of what can be pasted. */
const PASTED = ['sh', 'js', 'ts', 'tsx', 'html'];

const COMPILED = ['ts', 'tsx'];

const blocks = await readBlocks();
const known = blocks.filter(({ language }) => PASTED.includes(language)).map(entryOf);

type Entry<Kind extends Way['way'] = Way['way']> = Block & {
  readonly index: number;
  readonly how: Extract<Way, { way: Kind }>;
};

function entryOf(block: Block, index: number): Block & { index: number; how: Way | undefined } {
  return { ...block, index, how: ways[block.name] };
}

function tried<Kind extends Way['way']>(kind: Kind): Entry<Kind>[] {
  const isOfKind = (entry: (typeof known)[number]): entry is Entry<Kind> => entry.how?.way === kind;
  return known.filter(isOfKind);
}

const programOf = ({ code, how }: Entry<'program' | 'fragment'>) =>
  [('before' in how && how.before) || '', code, ('behind' in how && how.behind) || ''].join('\n');

describe('every code block', () => {
  it('that can be pasted is in the table', () => {
    expect(known.length).toBeGreaterThan(25);
    expect(known.filter(({ how }) => !how).map(({ name }) => name)).toEqual([]);
  });

  it('of the table is on its page', () => {
    const names = new Set(known.map(({ name }) => name));

    expect(Object.keys(ways).filter((name) => !names.has(name))).toEqual([]);
  });

  it('in another language is of a kind that people read and do not paste', () => {
    const others = blocks.filter(({ language }) => ![...PASTED, 'json', 'mermaid'].includes(language));

    expect(others.length).toBeGreaterThan(10);
    expect(others.filter(({ file, language }) => language !== 'text' || !texts[file])).toEqual([]);
  });

  it('of JSON parses', () => {
    const ofJson = blocks.filter(({ language }) => language === 'json');

    expect(ofJson.length).toBeGreaterThan(5);
    expect(ofJson.map(({ code }) => typeof JSON.parse(code))).toEqual(ofJson.map(() => 'object'));
  });

  it('is found, also in a list', () => {
    expect(blocksOf('page', '1. one:\n\n   ```sh\n   ls\n     -a\n   ```\n\n```js\nf();\n```\n')).toEqual([
      { file: 'page', language: 'sh', code: 'ls\n  -a\n', name: 'page: ls' },
      { file: 'page', language: 'js', code: 'f();\n', name: 'page: f();' },
    ]);
  });
});

describe('shell commands', () => {
  it.each(known.filter(({ language }) => language === 'sh'))('can be parsed: $name', async ({ code }) => {
    expect(await parseErrors(code)).toBe('');
    expect(await missingScripts(code)).toEqual([]);
    expect(await unknownOptions(code)).toEqual([]);
  });

  it('that are wrong are found', async () => {
    expect(await parseErrors("echo 'open")).not.toBe('');
    expect(await missingScripts('npm run -s tokens')).toEqual(['tokens']);
    expect(await unknownOptions('npx fanfare-local --bil # --no')).toEqual([]);
    expect(await unknownOptions('npx fanfare-local --port 1 --ports 2')).toEqual(['--ports']);
  });
});

describe('with a runtime', () => {
  let runtime: Runtime;
  let checkout: Checkout;
  let browser: Browser | undefined;
  let errors: Map<string, string[]>;

  const fileOf = ({ index, language }: Block & { index: number }) => `snippet-${index}.${language}`;
  const here = (code: string) => code.replaceAll('localhost:8080', new URL(runtime.urls.http).host);

  beforeAll(async () => {
    // Commands sign with the secret that `npm start` keeps.
    [runtime, checkout] = await Promise.all([startRuntime({ secretsFolder: LOCAL_SECRETS }), openCheckout()]);
    if (!isBrowserMissing) browser = await launchBrowser();
    const typed = [...tried('program'), ...tried('fragment')];
    await Promise.all(typed.map((entry) => checkout.write(fileOf(entry), here(programOf(entry)))));
    errors = await compile(checkout, typed.filter(({ language }) => COMPILED.includes(language)).map(fileOf));
  });

  afterAll(async () => {
    await browser?.close();
    await Promise.all([runtime.close(), checkout.remove()]);
  });

  it.each([...tried('program'), ...tried('fragment')].filter(({ language }) => COMPILED.includes(language)))(
    'compiles: $name',
    (entry) => {
      expect(errors.get(fileOf(entry))).toEqual([]);
    },
  );

  it.each(tried('program'))('runs: $name', async (entry) => {
    const env = {
      ...(entry.how.needsToken && { TOKEN: await mintServerToken(runtime) }),
      ...(entry.how.needsSecret && { FANFARE_SECRET: await tokenSecretOf(runtime) }),
    };

    // `npx tsx` would start Node.js three times.
    const printed = await runProcess(process.execPath, ['--import', 'tsx', fileOf(entry)], {
      cwd: checkout.folder,
      env,
      until: entry.how.prints,
    });

    expect(printed).toContain(entry.how.prints);
  });

  it.each(tried('shell'))('runs: $name', async ({ code, how: { prints, except = {} } }) => {
    const lines = code.split('\n');
    const left = lines.filter((line) => !Object.keys(except).some((text) => line.includes(text)));

    const printed = await runProcess('sh', ['-c', here(left.join('\n'))], { cwd: ROOT, until: prints });

    expect(lines.length - left.length).toBe(Object.keys(except).length);
    expect(printed).toContain(prints);
  });

  it.skipIf(isBrowserMissing).each(tried('browser'))('runs in a browser: $name', async ({ code, how }) => {
    if (!browser) throw new Error('No browser was launched');

    await paste(browser, runtime.urls.console, here(`${code}${how.behind ?? ''}`), how.prints);
  });

  it.each(tried('browser').filter(({ how }) => how.alsoInNode))('runs in Node.js: $name', async (entry) => {
    const file = `hello-${entry.index}.mjs`;
    await checkout.write(file, here(entry.code));

    const printed = await runProcess(process.execPath, [file], {
      cwd: checkout.folder,
      until: entry.how.prints,
    });

    expect(printed).toBe(`${entry.how.prints}\n`);
  });

  it('the README names the oldest Node.js that the package takes', async () => {
    const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
    const { engines }: { engines: { node: string } } = JSON.parse(
      await readFile(path.join(ROOT, 'package.json'), 'utf8'),
    );

    expect(readme).toContain(`${engines.node.replace('>=', '')} or newer`);
  });

  it('the first example of the README has twelve lines', () => {
    expect(
      tried('browser').map(({ file, code }) => file === 'README.md' && code.trim().split('\n').length),
    ).toContain(12);
  });
});
