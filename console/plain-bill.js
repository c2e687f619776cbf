/** The bill of what a visitor of the tour has just done, in plain words: cents, and what much more of the same costs. */

/**
 * @typedef {object} Doings Since the clients were connected.
 * @property {number} people Connected at the moment.
 * @property {number} sent Messages to channels that keep them.
 * @property {number} updates Messages to channels that keep none, such as who types or where a player is.
 * @property {number} received Messages that the pages got.
 */

const MANY = 1_000_000;

const whole = new Intl.NumberFormat('en');
const twoDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const dollarsAndCents = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const wholeDollars = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 0,
});

/**
 * Such as `You sent 14 messages to 2 people: 0.0003 cents. A million such minutes cost $4.12.`
 *
 * @param {Doings} doings
 * @param {number} dollars What they cost.
 * @param {number} minutes In how many minutes; each that has begun counts, as AWS counts it.
 */
export function billSentence(doings, dollars, minutes) {
  if (doings.sent + doings.updates + doings.received === 0) return 'The bill of what you do comes here.';
  const each = (dollars / minutes) * MANY;
  return `${deedsOf(doings)}: ${moneyText(dollars)}. A million such minutes cost ${dollarText(each)}.`;
}

/** @param {Doings} doings */
function deedsOf({ sent, updates, received, people }) {
  const audience = counted(people, 'person', 'people');
  const messages = counted(sent, 'message', 'messages');
  const passing = counted(updates, 'short-lived update', 'short-lived updates');
  if (sent > 0 && updates > 0) return `You sent ${messages} and ${passing} to ${audience}`;
  if (sent > 0) return `You sent ${messages} to ${audience}`;
  if (updates > 0) return `You sent ${passing} to ${audience}`;
  return `${audience} got ${counted(received, 'message', 'messages')}`;
}

/** @param {number} dollars */
function moneyText(dollars) {
  if (dollars >= 1) return dollarText(dollars);
  const cents = dollars * 100;
  return `${twoDigits.format(cents)} ${cents === 1 ? 'cent' : 'cents'}`;
}

/** @param {number} dollars */
function dollarText(dollars) {
  return dollars < 100 ? dollarsAndCents.format(dollars) : wholeDollars.format(dollars);
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
function counted(count, one, many) {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}
