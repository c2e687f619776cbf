/** The types of `client.js`: the client library, which is bundled when the page loads it. */

export * from 'fanfare-client';
export { membersOf } from 'fanfare-client/presence';
