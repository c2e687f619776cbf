/** The namespaces and the access rules of each: the file to edit first. */

import { defineConfig } from 'fanfare/config';

export default defineConfig(({ local }) => ({
  namespaces: {
    /** Announcements, tickers, scores: everyone reads, only servers write. */
    public: {
      subscribe: 'anyone',
      publish: 'servers',
      members: 'servers',
      history: { hours: 24 },
      presence: 'none',
    },

    /** Conversations between signed-in users. */
    chat: {
      subscribe: 'signed-in',
      publish: 'signed-in',
      members: 'signed-in',
      history: { hours: 24 },
      presence: { lingerSeconds: 10 },
      edit: 'author',
    },

    /** Cursors, typing, game state: only the present moment counts. */
    live: {
      subscribe: 'anyone',
      publish: 'signed-in',
      members: 'signed-in',
      history: 'none',
      presence: 'none',
    },

    /** For trying things out on a laptop; a deployed stage has none of them. */
    ...(local && {
      open: {
        subscribe: 'anyone',
        publish: 'anyone',
        members: 'anyone',
        history: { hours: 24 },
        presence: { lingerSeconds: 10 },
        values: { hours: 24 * 7 },
        edit: 'author',
      },

      /** The same, with one frame for the messages of a moment. */
      packed: {
        subscribe: 'anyone',
        publish: 'anyone',
        members: 'anyone',
        history: { hours: 24 },
        presence: { lingerSeconds: 10 },
        delivery: 'packed',
      },

      /** Symbols of a ticker: a connection follows a thousand of them. */
      grouped: {
        subscribe: 'anyone',
        publish: 'anyone',
        members: 'anyone',
        history: { hours: 24 },
        presence: 'none',
        values: { hours: 24 },
        subscriptions: 'grouped',
      },
    }),
  },

  builtIn: {
    '@all': {
      subscribe: 'anyone',
      publish: local ? 'anyone' : 'servers',
      members: 'servers',
      history: 'none',
      presence: 'none',
    },
    '@user': {
      subscribe: 'owner',
      publish: 'servers',
      members: 'servers',
      history: { hours: 24 },
      presence: 'none',
    },
  },
}));
