import { describe, expect, it } from 'vitest';
import { rules, tableNames } from '../../../bin/erasure/rules.ts';
import { templateOf } from '../../lib/template.ts';

const tables = Object.entries(templateOf('prod').findResources('AWS::DynamoDB::GlobalTable'));

describe('the rules', () => {
  it.each(tableNames)('know the key of %s as the template has it', (name) => {
    const [, table] =
      tables.find(([id]) => id.toLowerCase().startsWith(`storage${name.toLowerCase()}`)) ?? [];
    const keys: readonly { readonly AttributeName: string }[] = table?.['Properties'].KeySchema ?? [];

    expect(keys.map(({ AttributeName }) => AttributeName)).toEqual(rules[name].key);
  });

  it('are for every table of the stage', () => {
    expect(tableNames).toHaveLength(tables.length);
  });
});
