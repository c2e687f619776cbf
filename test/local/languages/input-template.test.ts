import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../../packages/local/src/languages/input-template.ts';
import { jsonPath, valueAt } from '../../../packages/local/src/languages/json-path.ts';

const variables = new Map<string, unknown>([
  ['name', 'Ann "A."'],
  ['n', 7],
  ['list', ['x', 1]],
]);

describe('the template of an input transformer', () => {
  it.each<[string, unknown]>([
    ['"<name> has <n>"', 'Ann "A." has 7'],
    ['{"who": <name>, "n": <n>, "all": <list>}', { who: 'Ann "A."', n: 7, all: ['x', 1] }],
    ['{"text": "<n> of <list>"}', { text: '7 of ["x",1]' }],
    ['{"text": "in \\"<n>\\""}', { text: 'in "7"' }],
    ['{"gone": <gone>, "text": "[<gone>]"}', { gone: '', text: '[]' }],
    ['{"n": 1}', { n: 1 }],
  ])('%s is filled', (template, value) => {
    expect(fillTemplate(template, variables)).toEqual(value);
  });

  it('that is not JSON is a mistake', () => {
    expect(() => fillTemplate('<name> is here', variables)).toThrow(SyntaxError);
  });

  it('keeps every text unchanged, in quotes and without', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const filled = fillTemplate('{"bare": <text>, "quoted": "<text>"}', new Map([['text', text]]));
        expect(filled).toEqual({ bare: text, quoted: text });
      }),
    );
  });
});

describe('a path', () => {
  const event = { 'detail-type': 'T', detail: { items: [{ id: 1 }], 'a/b_c': null } };

  it.each<[string, unknown]>([
    ['$', event],
    ['$.detail-type', 'T'],
    ['$.detail.items[0].id', 1],
    ['$.detail.a/b_c', null],
    ['$.detail.items[1].id', undefined],
    ['$.detail.items.length', undefined],
    ['$.detail.constructor', undefined],
    ['$.gone.deeper', undefined],
  ])('%s leads to the value there', (text, value) => {
    const path = jsonPath(text);

    expect(path && valueAt(event, path)).toEqual(value);
    expect(path).toBeDefined();
  });

  it.each(['', 'detail', '$.', '$.a.*', '$..a', "$['a']", '$.a[x]'])('%j is not understood', (text) => {
    expect(jsonPath(text)).toBeUndefined();
  });
});
