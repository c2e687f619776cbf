/** Turns an error into a sentence: what failed, and what the user can do. */

import { FanfareError } from './client.js';

/** What the user can do, by the code of the error. The error's message says what happened. */
const advice = new Map([
  ['too-large', 'A frame holds 32 KB: send less at once.'],
  ['overflow', 'Wait until the server has acknowledged some of them.'],
  ['timeout', 'It may have arrived or not: look at the messages before you send it again.'],
  ['closed', 'Connect again.'],
  ['unauthenticated', 'Enter a token and connect with it.'],
  ['token-expired', 'Enter a new token and connect with it.'],
  ['forbidden', 'Connect with a token that allows it, or choose another channel.'],
  ['rate-limited', 'Wait a moment, then try again.'],
  ['internal', 'The log of the server says more.'],
]);

/** What happened, for the errors that the client finds itself. */
const found = new Map([
  ['bad-request', 'Not JSON.'],
  ['timeout', 'No reply in time.'],
  ['too-large', 'Too large for a frame.'],
  ['overflow', 'Too many waiting.'],
  ['closed', 'Closed.'],
  ['disconnected', 'Connection lost.'],
]);

/** @param {unknown} error */
export function sentenceOf(error) {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof FanfareError)) return [error.message, causeOf(error)].filter(Boolean).join(': ');
  // The message of an error that the client finds itself is its code.
  const said = error.message === error.code ? found.get(error.code) : error.message;
  return [said, advice.get(error.code)].filter(Boolean).join(' ');
}

/** @param {Error} error */
function causeOf({ cause }) {
  return cause instanceof Error ? cause.message : '';
}
