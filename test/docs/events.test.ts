import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { lifecycleGroups } from '../../lambdas/realtime/lifecycle/lifecycle.ts';

const example = v.object({
  'detail-type': v.string(),
  source: v.literal('fanfare.prod'),
  time: v.pipe(v.string(), v.isoTimestamp()),
  detail: v.looseObject({ id: v.string(), time: v.number() }),
});

const page = await readFile(new URL('../../docs/events.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```json\n(.*?)\n```/gs)].map(([, json = '']) =>
  v.parse(example, JSON.parse(json)),
);

describe('the page about events', () => {
  it('has an example of every event, and of no other', () => {
    expect(examples.map((event) => event['detail-type'])).toEqual(Object.keys(lifecycleGroups));
  });

  it.each(examples)('has in its example of $detail-type the id that is made of it', (event) => {
    const { id, connectionId, channel, version, at, seq, user } = event.detail;
    const number = version ?? at ?? seq;
    const subject = connectionId ?? [channel, number, ...(at === undefined ? [] : [user])].join('#');

    expect(id).toBe(`${event['detail-type']}#${subject}`);
  });

  it.each(examples)('has in its example of $detail-type one time, twice', ({ time, detail }) => {
    expect(new Date(detail.time).toISOString().slice(0, 19)).toBe(time.slice(0, 19));
  });
});
