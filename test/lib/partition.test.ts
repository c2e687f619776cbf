/** Templates for any partition: `cdk.json` targets `aws` and `aws-cn`, whose hosts end in `amazonaws.com.cn`. */

import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { deploymentNames, deployments, templatesOf } from './template.ts';

/** Principals of services are called the same in every partition, as CDK knows them (`ServicePrincipal`). */
const principals = [
  'apigateway.amazonaws.com',
  'cloudwatch.amazonaws.com',
  'delivery.logs.amazonaws.com',
  'events.amazonaws.com',
  'lambda.amazonaws.com',
];

/** Every text of a template, also within JSON texts, except the certificate that a stage names. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/\\?"/).filter((text) => !text.includes(':acm:'));
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const anywhere = deploymentNames.filter((name) => deployments[name].edge === 'none');

describe.each(deploymentNames)('the template of %s', (name) => {
  const texts = templatesOf(name).flatMap((template) => textsOf(template.toJSON()));

  it('spells out the domain of AWS only in principals of services', () => {
    const found = new Set(texts.filter((text) => text.includes('amazonaws.com')));

    expect(found).toContain('lambda.amazonaws.com');
    expect([...found].filter((text) => !principals.includes(text))).toEqual([]);
  });
});

describe.each(anywhere)('ARNs of %s, which may be deployed to any region,', (name) => {
  it('name no partition', () => {
    const texts = templatesOf(name).flatMap((template) => textsOf(template.toJSON()));

    expect(texts.filter((text) => text.includes('arn:aws'))).toEqual([]);
    expect(texts).toContain('AWS::Partition');
  });
});

describe('the source of the stacks', () => {
  it('contains the domain of AWS only in principals and links to pages, and no partition', async () => {
    const folder = new URL('../../lib/', import.meta.url);
    const names = await readdir(folder, { recursive: true });
    // The checks of a deployment compare with names of AWS; no stack contains them.
    const files = names.filter((name) => name.endsWith('.ts') && !name.startsWith('deploy-checks'));
    const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')));
    const allowed = /ServicePrincipal\('[^']+'\)|https:\/\/docs\.aws\.amazon\.com\S*/g;
    const lines = sources.flatMap((source) => source.replaceAll(allowed, '').split('\n'));

    expect(files.length).toBeGreaterThan(20);
    expect(lines.filter((line) => /amazonaws\.com|arn:aws/.test(line))).toEqual([]);
  });
});
