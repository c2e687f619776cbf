/** Writes the generated parts of `docs/data.md`: the tables of personal data, and what stays when a stage is deleted. */

import { readFile, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { synthesizedStage } from '../../bin/account/synthesized-stage.ts';
import { rules, tableNames } from '../../bin/erasure/rules.ts';
import { unreached } from '../../bin/erasure/unreached.ts';
import { stages } from '../../lib/settings/stage-settings.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const DATA_PAGE = new URL('../data.md', import.meta.url);

/** The page with its generated parts as they should be. */
export function generateDataPage(page: string): string {
  const resources = prodResources();
  return withGeneratedParts(page, {
    tables: () => tablesTable(resources),
    unreached: unreachedTable,
    retained: () => retainedTable(resources),
  });
}

const template = v.object({
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      DeletionPolicy: v.optional(v.string()),
      Properties: v.optional(
        v.object({
          Replicas: v.optional(
            v.array(
              v.object({
                PointInTimeRecoverySpecification: v.optional(
                  v.object({ PointInTimeRecoveryEnabled: v.boolean() }),
                ),
              }),
            ),
          ),
        }),
      ),
    }),
  ),
});

type Resources = v.InferOutput<typeof template>['Resources'];

function prodResources(): Resources {
  return v.parse(template, synthesizedStage(stages.prod).backend.template).Resources;
}

function table(...rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function tablesTable(resources: Resources): string {
  return table(
    ['table', 'what it has of a person', 'how long', 'backup', 'what `npm run erase` does'],
    ...tableNames.map((name) => {
      const { holds, until, erasure } = rules[name];
      return [`\`${name}\``, holds, until, hasBackup(resources, name) ? '35 days' : 'none', erasure];
    }),
  );
}

function hasBackup(resources: Resources, name: string): boolean {
  const [, found] =
    Object.entries(resources).find(([id]) => id.toLowerCase().startsWith(`storage${name.toLowerCase()}`)) ??
    [];
  const replicas = found?.Properties?.Replicas ?? [];
  return replicas.some((one) => one.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled);
}

function unreachedTable(): string {
  return table(
    ['what', 'how long', 'who ends it'],
    ...unreached.map(({ what, until, by }) => [what, until, by]),
  );
}

/** How each type of resource is deleted by hand. */
const deletions: readonly (readonly [type: string, command: string])[] = [
  ['AWS::DynamoDB::GlobalTable', '`aws dynamodb delete-table --table-name …`'],
  ['AWS::Logs::LogGroup', '`aws logs delete-log-group --log-group-name …`'],
  [
    'AWS::SecretsManager::Secret',
    '`aws secretsmanager delete-secret --secret-id …`, with 30 days to change your mind',
  ],
  [
    'AWS::KMS::Key',
    '`aws kms schedule-key-deletion --key-id …`, last: without it no table and no backup can be read',
  ],
];

function retainedTable(resources: Resources): string {
  const kept = Object.values(resources).filter(
    ({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete',
  );
  const types = [...new Set(kept.map(({ Type }) => Type))].toSorted();
  return table(
    ['type', 'how many in `prod`', 'how you delete one'],
    ...types.map((type) => {
      const [, command = 'it is a setting of the account: leave it'] =
        deletions.find(([known]) => known === type) ?? [];
      return [`\`${type}\``, String(kept.filter(({ Type }) => Type === type).length), command];
    }),
  );
}

export async function writeDataPage(): Promise<void> {
  await writeFile(DATA_PAGE, generateDataPage(await readFile(DATA_PAGE, 'utf8')));
}
