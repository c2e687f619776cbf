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

/** @param {unknown} error */
export function sentenceOf(error) {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof FanfareError)) return [error.message, causeOf(error)].filter(Boolean).join(': ');
  return [error.message, advice.get(error.code)].filter(Boolean).join(' ');
}

/** @param {Error} error */
function causeOf({ cause }) {
  return cause instanceof Error ? cause.message : '';
}
