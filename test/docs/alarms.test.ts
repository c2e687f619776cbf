/** The page of alarms: a section for each, the tables of the code, and the price of what `prod` has. */

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ALARMS_PAGE, generateAlarmsPage } from '../../docs/generate/alarms.ts';
import { alarmNames } from '../../lib/observability/alarm-table.ts';
import { logQueries } from '../../lib/observability/log-queries.ts';
import { templateOf } from '../lib/template.ts';

const PARTS = ['Means', 'Users see', 'First', 'Over when'];

/** Dollars a month for a metric of an alarm, by the list prices of us-east-1. https://aws.amazon.com/cloudwatch/pricing/ */
const DOLLARS = 0.1;

const page = await readFile(ALARMS_PAGE, 'utf8');

const sections = page.split(/^## /m).filter((section) => section.includes('- **Means**: '));

describe('docs/alarms.md', () => {
  it('has the tables of the code; npm run docs brings them up to date', () => {
    expect(generateAlarmsPage(page)).toBe(page);
  });

  it('has a section for each alarm, in the order of the table, and none for another one', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual(alarmNames);
  });

  it('says of each alarm what it means, what users see, what to do first and when it is over', () => {
    for (const section of sections)
      expect([...section.matchAll(/^- \*\*([^*]+)\*\*: .{10,}$/gm)].map(([, part]) => part)).toEqual(PARTS);
  });

  it('says what the alarms of prod cost', () => {
    const alarms = Object.values(templateOf('prod').findResources('AWS::CloudWatch::Alarm'));
    const metrics = alarms
      .map(({ Properties }) => (Properties.Metrics ? Properties.Metrics.length - 1 : 1))
      .reduce((sum, count) => sum + count, 0);

    expect(page).toContain(`${alarms.length} alarms over ${metrics} metrics`);
    expect(page).toContain(`**$${(metrics * DOLLARS).toFixed(2)}**`);
  });

  it('names only saved queries that there are', () => {
    const named = [...page.matchAll(/(?:[Rr]un|query|,|\.) \*([A-Z][^*]+)\*/g)].map(([, name = '']) => name);
    const known = new Set<string>([...Object.keys(logQueries), 'Logs Insights', 'Saved and sample queries']);

    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });
});
