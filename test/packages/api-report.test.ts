/** A change of a public name is found in the door that has it, and in no other. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { changedReports } from '../../bin/packages/api-report.ts';

/** This file names the CDK, and does not load it. */
const CDK = 'aws-cdk-lib';

const DECLARATIONS = {
  index: '/** Opens a door. */\nexport declare function open(name: string): Promise<void>;\n',
  other: 'export interface Door {\n    readonly name: string;\n}\n',
};

/** A built package with two doors, and no reports yet. */
async function builtPackage() {
  const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-report-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const exports = Object.fromEntries(
    Object.keys(DECLARATIONS).map((door) => [
      `./${door}`,
      { types: `./dist/${door}.d.ts`, default: `./dist/${door}.js` },
    ]),
  );
  await mkdir(path.join(folder, 'dist'));
  await mkdir(path.join(folder, 'api'));
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
  await write('package.json', JSON.stringify({ name: 'house', version: '1.0.0', exports }));
  for (const [door, text] of Object.entries(DECLARATIONS)) await write(`dist/${door}.d.ts`, text);
  return { api: { folder, reports: path.join(folder, 'api') }, write };
}

it('a renamed function fails by the name of its door', async () => {
  const { api, write } = await builtPackage();
  expect(await changedReports(api, true)).toEqual(['index', 'other']);

  await write('dist/index.d.ts', DECLARATIONS.index.replace('open', 'unlock'));
  expect(await changedReports(api, false)).toEqual(['index']);
});

it('a report has the names that a door takes from the CDK, also those inside of another one', async () => {
  const { api, write } = await builtPackage();
  await write(
    'dist/index.d.ts',
    `import type { Function as LambdaFunction } from '${CDK}/aws-lambda';
import { RemovalPolicy } from '${CDK}';
export declare function keep(handler: LambdaFunction, removal: RemovalPolicy.RETAIN): RemovalPolicy;
`,
  );
  await changedReports(api, true);

  const report = await readFile(path.join(api.reports, 'index.api.md'), 'utf8');
  expect(report).toContain(`from '${CDK}/aws-lambda';`);
  expect(report).toContain(`from '${CDK}';`);
  expect(report).toContain('removal: RemovalPolicy.RETAIN): RemovalPolicy;');
});
