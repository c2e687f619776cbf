/** Who may do what in which channels. A channel is `namespace:name`, such as `chat:lobby`. */

import { defineConfig } from 'fanfare/config';
import { onPublish } from './chat.ts';

export default defineConfig(({ local }) => ({
  namespaces: {
    chat: {
      // On your machine you need no token to try it.
      subscribe: local ? 'anyone' : 'signed-in',
      publish: local ? 'anyone' : 'signed-in',
      members: 'signed-in',
      history: { hours: 24 },
      presence: 'none',
      onPublish,
    },
  },
}));
