/** Rooms, floors and imports upward, on plans that are small enough to count by hand. */

import { expect, it } from 'vitest';
import { importGraph } from './import-graph.ts';
import { planOf } from './rooms.ts';

function plan(files: Record<string, string>) {
  const { rooms, floors, upward, circles } = planOf(importGraph(new Map(Object.entries(files))), 'house');
  return { rooms: [...rooms], floors, upward: upward.map(({ from, to }) => `${from} -> ${to}`), circles };
}

it('files and folders directly in the folder are its rooms', () => {
  expect(plan({ 'house/a.ts': '', 'house/b/c.ts': '', 'house/b/d/e.ts': '', 'other/f.ts': '' })).toEqual({
    rooms: [
      ['a.ts', 1],
      ['b/', 2],
    ],
    floors: 1,
    upward: [],
    circles: [],
  });
});

it('a chain of three rooms has three floors', () => {
  const files = { 'house/a.ts': "import './b.ts';", 'house/b.ts': "import './c.ts';", 'house/c.ts': '' };
  expect(plan(files)).toMatchObject({ floors: 3, upward: [] });
});

it('of two rooms that import each other, the fewer imports lead up', () => {
  const files = {
    'house/low/one.ts': "import '../high/one.ts';",
    'house/high/one.ts': "import '../low/two.ts';",
    'house/high/two.ts': "import '../low/two.ts';",
    'house/low/two.ts': '',
  };
  expect(plan(files)).toMatchObject({
    floors: 1,
    upward: ['house/low/one.ts -> house/high/one.ts'],
    circles: [],
  });
});

it('a circle of three files has one import upward', () => {
  const files = {
    'house/a.ts': "import './b.ts';",
    'house/b.ts': "import './c.ts';",
    'house/c.ts': "import './a.ts';",
  };
  const { upward, circles } = plan(files);
  expect(upward).toHaveLength(1);
  expect(circles).toEqual([['house/a.ts', 'house/b.ts', 'house/c.ts']]);
});
