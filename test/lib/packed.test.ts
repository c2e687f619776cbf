/** What a stage with a packed namespace has more than one without. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { manifest } from '../../lambdas/manifest/manifest.ts';
import { FanfareStack } from '../../lib/fanfare-stack.ts';
import { stages } from '../../lib/settings/stage-settings.ts';
import { grantedPermissions } from './granted-permissions.ts';
import { templateOf } from './template.ts';

const FOLDER = path.resolve(import.meta.dirname, 'function');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(path.resolve(import.meta.dirname, '../..'), '.packed-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A production stage with this configuration. */
function stageWith(namespaces: string, more = ''): Template {
  const config = path.join(folder, `${Math.random().toString(36).slice(2)}.config.ts`);
  const rights = "subscribe: 'anyone', publish: 'servers', members: 'servers', presence: 'none'";
  const packed = `{ ${rights}, history: { hours: 1 }, delivery: 'packed' }`;
  const source = `import { defineConfig } from 'fanfare/config';
const packed = ${packed};
export default defineConfig(() => ({ namespaces: { ${namespaces} }, ${more} }));`;
  writeFileSync(config, source);
  const app = new App({ context: cdkJson.context, analyticsReporting: false });
  const code = () => Code.fromAsset(FOLDER);
  return Template.fromStack(new FanfareStack(app, 'Packed', { settings: stages.prod, config, code }));
}

const PURPOSE = { Properties: { Description: manifest.pack.purpose } };

function mappingOf(template: Template) {
  const mappings = Object.entries(template.findResources('AWS::Lambda::EventSourceMapping'));
  return mappings.find(([id]) => id.startsWith('pack'))?.[1]['Properties'];
}

describe('a stage without a packed namespace', () => {
  it('has neither the function nor its mapping, and no stream of the messages', () => {
    const template = templateOf('prod');

    expect(template.findResources('AWS::Lambda::Function', PURPOSE)).toEqual({});
    expect(mappingOf(template)).toBeUndefined();
    template.resourcePropertiesCountIs(
      'AWS::DynamoDB::GlobalTable',
      {
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        AttributeDefinitions: [
          { AttributeName: 'channel', AttributeType: 'S' },
          { AttributeName: 'seq', AttributeType: 'N' },
        ],
      },
      0,
    );
  });
});

describe('a stage with packed namespaces', () => {
  it('reads the inserted messages of these namespaces, one batch of a shard at once, as large as it may be', () => {
    const mapping = mappingOf(
      stageWith('prices: packed, votes: packed, chat: { ...packed, delivery: "direct" }'),
    );

    expect(mapping).toMatchObject({ ParallelizationFactor: 1, BatchSize: 10_000, MaximumRetryAttempts: 30 });
    expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds');
    expect(
      mapping?.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern)),
    ).toEqual([
      {
        eventName: ['INSERT'],
        dynamodb: { Keys: { channel: { S: [{ prefix: 'prices:' }, { prefix: 'votes:' }] } } },
      },
    ]);
  });

  it('gathers for the window of the configuration', () => {
    const mapping = mappingOf(stageWith('prices: packed', 'packing: { windowSeconds: 2 }'));

    expect(mapping?.MaximumBatchingWindowInSeconds).toBe(2);
  });

  it('lets the function read and seal messages, take turns, and post', () => {
    const template = stageWith('prices: packed');
    const ofPack = grantedPermissions(template).filter(({ role }) => role.startsWith('pack'));
    const onTable = (name: string) =>
      ofPack
        .filter(({ resource }) => resource.includes(name))
        .map(({ action }) => action)
        .filter((action) => !/Stream|Records|ShardIterator/.test(action))
        .toSorted();

    expect(onTable('StorageMessages')).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query']);
    expect(onTable('StorageChannels')).toEqual(['dynamodb:GetItem', 'dynamodb:UpdateItem']);
    expect(onTable('StoragePublishKeys')).toEqual([]);
  });
});
