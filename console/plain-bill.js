/** The bill of what a visitor of the tour has just done, in plain words: cents, and what much more of the same costs. */

/**
 * @typedef {object} Doings Since the clients were connected.
 * @property {number} people Connected at the moment.
 * @property {number} sent Messages to channels that keep them.
 * @property {number} updates Messages to channels that keep none, such as who types or where a player is.
 * @property {number} received Messages that the pages got.
 */

/**
 * @typedef {object} Line As the bill of the local runtime has it. Numbers are decimals with all their digits.
 * @property {number} times
 * @property {string} price Dollars for `forUnits` units.
 * @property {string} forUnits
 * @property {string} dollars
 * @property {number} [memoryMb] Of the function, in a line on its time.
 */

const MANY = 1_000_000;

/** As `npm run cost` counts, because how long a function takes on this machine says nothing about AWS. */
const SECONDS_OF_A_RUN = 0.02;
const MB_OF_A_GB = 1024;

const whole = new Intl.NumberFormat('en');
const twoDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const dollarsAndCents = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const wholeDollars = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 0,
});

/**
 * What the lines cost if each run of a function takes 20 ms.
 *
 * @param {readonly Line[]} lines
 */
export function dollarsOnAws(lines) {
  return lines.reduce((sum, line) => sum + dollarsOfLine(line), 0);
}

/** @param {Line} line */
function dollarsOfLine({ times, price, forUnits, dollars, memoryMb }) {
  if (memoryMb === undefined) return Number(dollars);
  const gigabyteSeconds = (times * SECONDS_OF_A_RUN * memoryMb) / MB_OF_A_GB;
  return (gigabyteSeconds * Number(price)) / Number(forUnits);
}

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
