/** The types of `client.js`: the client library, which is bundled when the page loads it. */

export * from 'fanfare-client';
export { membersOf, presenceHandlers } from 'fanfare-client/presence';
