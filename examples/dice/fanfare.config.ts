/** A configuration with one action: its file is `roll.ts`, and its line is in `actions`. */

import { defineConfig } from 'fanfare/config';
import { roll } from './roll.ts';

const servers = { subscribe: 'anyone', publish: 'servers', members: 'servers', presence: 'none' } as const;

export default defineConfig(() => ({
  namespaces: {
    /** Everyone may watch a table, and only the action writes. */
    table: { ...servers, history: { hours: 1 } },
  },
  builtIn: {
    '@all': { ...servers, history: 'none' },
    '@user': { ...servers, subscribe: 'owner', history: { hours: 24 } },
  },
  actions: { roll },
}));
