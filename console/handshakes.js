/**
 * Explains why a handshake failed. Browsers hide the status and the body of the response from pages (HS-7). The local runtime
 * tells them to the pages that it serves.
 */

import { isServedLocally } from './place.js';

/**
 * @typedef {object} Attempt
 * @property {string} url
 * @property {number} startedAt The value of `performance.now()`.
 */

/**
 * @typedef {object} Refusal As the local runtime lists them, the newest first.
 * @property {number} time Milliseconds since 1970.
 * @property {number} status
 * @property {string} reason A sentence.
 */

/** @typedef {{ sentence: string, isFinal: boolean }} Explanation Final: the same handshake would fail again. */

/** A `Date` header has whole seconds. One second more is for an attempt that began late and was refused at once. */
const TOLERANCE_MS = 2_000;

/** What the user can do, by the status of the response. */
const advice = new Map([
  [401, 'Enter another token, or none, and connect again. “npm run -s token” prints one.'],
  [403, 'Connect to the URL that “npm start” prints, with a token that the server accepts or with none.'],
  [429, 'The page waits a moment and tries again.'],
]);

const HIDDEN =
  'The handshake failed, and browsers hide why. It may be the token (expired, revoked, or of another stage), the origin of ' +
  'this page (the stage’s “origins” must name it), a throttle, or a wrong URL. The page tries again.';

const SILENT =
  'The local runtime does not answer. Start it again with “npm start”; the page goes on trying to connect.';

const UNEXPLAINED = 'The connection failed before the server could say why. The page tries again.';

/**
 * @param {Attempt} attempt
 * @returns {Promise<Explanation>}
 */
export async function explain(attempt) {
  if (!isServedLocally || new URL(attempt.url).host !== location.host) return passing(HIDDEN);
  const response = await fetch('refusals.json', { cache: 'no-store' }).catch(() => undefined);
  if (!response) return passing(SILENT);
  /** @type {Refusal[] | undefined} */
  const refusals = response.ok ? await response.json() : undefined;
  if (!refusals) return passing(HIDDEN);
  const since = serverTime(response) - (performance.now() - attempt.startedAt) - TOLERANCE_MS;
  const refusal = refusals.find(({ time }) => time >= since);
  return refusal ? explanationOf(refusal) : passing(UNEXPLAINED);
}

/** @param {Refusal} refusal */
function explanationOf({ status, reason }) {
  const sentence = `The server refused the handshake with ${status}: ${reason}`;
  const isFinal = status >= 400 && status < 500 && status !== 429;
  const next =
    advice.get(status) ?? (isFinal ? '' : 'The terminal of “npm start” says more. The page tries again.');
  return { sentence: `${sentence} ${next}`.trim(), isFinal };
}

/** @param {string} sentence */
function passing(sentence) {
  return { sentence, isFinal: false };
}

/**
 * The time of the server. The page may run on a phone with another clock.
 *
 * @param {Response} response
 */
function serverTime({ headers }) {
  const date = headers.get('date');
  return date ? Date.parse(date) : Date.now();
}
