import { defineConfig, refuse } from 'fanfare/config';
import { order } from './order.ts';

const rights = { subscribe: 'signed-in', publish: 'signed-in', members: 'signed-in' } as const;
const kept = { ...rights, history: { hours: 24 }, presence: 'none' } as const;

export default defineConfig(() => ({
  namespaces: {
    chat: { ...kept, onPublish: ({ data }) => (String(data).length > 500 ? refuse('Too long.') : undefined) },
    orders: { ...kept, publish: 'servers' },
  },
  actions: { order },
  onConnect: ({ sub }) => ({ user: `shop-${sub}` }),
}));
