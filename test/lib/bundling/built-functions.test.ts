import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FunctionName } from '../../../lambdas/manifest/manifest.ts';
import { builtFunctions } from '../../../lib/bundling/built-functions.ts';
import { loadUserConfig } from '../../../lib/bundling/user-config.ts';
import { emptyFolder } from '../../local/empty-folder.ts';

type FolderOf = (name: FunctionName) => string;

async function builtWith(namespace: string): Promise<FolderOf> {
  const file = path.join(await emptyFolder(), 'fanfare.config.ts');
  const policy = `{ subscribe: 'anyone', publish: 'anyone', members: 'servers', history: 'none', presence: 'none' }`;
  await writeFile(
    file,
    `import { defineConfig } from 'fanfare/config';
     const policy = ${policy} as const;
     export default defineConfig(() => ({ namespaces: { ${namespace}: policy }, builtIn: { '@all': policy, '@user': policy } }));`,
  );
  return builtFunctions(loadUserConfig(file));
}

const code = (folder: string) => readFileSync(path.join(folder, 'index.mjs'), 'utf8');

describe('functions built with the configuration of an app', () => {
  it('have that configuration in them, are kept, and are shared only if they do not read it', async () => {
    const [news, sport] = await Promise.all([builtWith('newsroom'), builtWith('sportsdesk')]);

    expect(code(news('connect'))).toContain('newsroom');
    expect(code(news('connect'))).not.toContain('sportsdesk');
    expect(code(sport('connect'))).toContain('sportsdesk');
    expect(news('connect')).toBe(news('connect'));
    expect(news('disconnect')).toBe(sport('disconnect'));
  });
});
