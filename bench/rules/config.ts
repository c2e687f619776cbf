/** A configuration for the bench of rules: two namespaces that differ in an empty handler. */

import { defineConfig, type NamespacePolicy } from 'fanfare/config';

const open: NamespacePolicy = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 1 },
  presence: 'none',
};

export default defineConfig(() => ({
  namespaces: { plain: open, ruled: { ...open, onPublish: () => {} } },
}));
