import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { permissions } from '../../bin/account/permissions.ts';
import { DEPLOY_PAGE, generateDeployPage } from '../../docs/generate/deploy.ts';

it('the page about deploying shows what preflight prints for a new account; npm run docs brings it up to date', async () => {
  const page = await readFile(DEPLOY_PAGE, 'utf8');

  expect(generateDeployPage(page)).toBe(page);
  expect(page).toContain('refuses  The CDK is not bootstrapped in account 111111111111, eu-south-1');
  expect(permissions.filter((permission) => !page.includes(`\`${permission}\``))).toEqual([]);
});
