/** What the page loads as `client.js`: the client library, bundled when it is asked for. */

export * from 'fanfare-client';
