/** The tour: two clients side by side, each with its own network, which the user can cut; and the examples as cards. */

import { BillLine } from './bill-line.js';
import { find, part } from './elements.js';
import { Gallery } from './gallery.js';
import { Guide } from './guide.js';
import { Numbering } from './numbering.js';
import { channelOfAddress, webSocketUrl } from './page-address.js';
import { Pane } from './pane.js';
import { isServedLocally } from './place.js';

const NAMES = ['Ann', 'Ben'];

const template = find('pane', HTMLTemplateElement);
const guide = new Guide(find('steps', HTMLOListElement));
const numbering = new Numbering();
/** @type {Pane[]} */
const panes = NAMES.map(makePane);

if (isServedLocally) start();
else find('elsewhere', HTMLElement).hidden = false;

function start() {
  find('url', HTMLElement).textContent = webSocketUrl;
  find('channel', HTMLElement).textContent = channelOfAddress;
  for (const link of document.querySelectorAll('a.console'))
    link.setAttribute('href', `./#channel=${encodeURIComponent(channelOfAddress)}`);
  for (const pane of panes) pane.open();
  panes[0]?.focus();
  const bill = new BillLine(find('bill', HTMLElement), doings);
  void together().then(() => bill.begin());
  const gallery = new Gallery();
  void gallery.start();
  takeTurns(bill, gallery);
}

/**
 * The cards are live when the visitor turns to them, and rest when the visitor turns to the two clients. So opening the tour does not
 * run the functions of ten examples, and the bill has only what the visitor did.
 *
 * @param {BillLine} bill
 * @param {Gallery} gallery
 */
function takeTurns(bill, gallery) {
  let isAtCards = false;
  const toClients = () => {
    isAtCards = false;
    gallery.rest();
    bill.resume();
  };
  const toCards = async () => {
    isAtCards = true;
    // The cards do not slow the clients, and what those cost is counted before the cards cost something.
    await together();
    await bill.rest();
    if (isAtCards) gallery.live();
  };
  for (const type of ['focusin', 'pointerdown', 'submit'])
    find('panes', HTMLElement).addEventListener(type, toClients);
  for (const type of ['focusin', 'pointerenter'])
    find('use-cases', HTMLElement).addEventListener(type, toCards);
  addEventListener('scroll', toCards);
}

/** Both clients are subscribed, or refused. */
function together() {
  return Promise.all(panes.map(({ subscribed }) => subscribed));
}

/** @returns {import('./plain-bill.js').Doings} */
function doings() {
  const sum = (/** @type {'sent' | 'received'} */ what) =>
    panes.reduce((total, pane) => total + pane[what], 0);
  return { people: panes.length, sent: sum('sent'), updates: 0, received: sum('received') };
}

/**
 * @param {string} name
 * @returns {Pane}
 */
function makePane(name) {
  const copy = document.importNode(template.content, true);
  const element = part(copy, '.pane', HTMLElement);
  element.classList.add(name.toLowerCase());
  element.ariaLabel = name;
  part(element, 'h2', HTMLElement).textContent = name;
  part(element, '.log', HTMLElement).ariaLabel = `Messages that ${name} sees`;
  part(element, '.cut-network', HTMLElement).textContent = `Cut ${name}’s network`;
  const field = part(element, 'input', HTMLInputElement);
  field.ariaLabel = `Message of ${name}`;
  field.placeholder = `Write as ${name}, then press Enter`;
  part(element, 'button[type=submit]', HTMLElement).ariaLabel = `Send as ${name}`;
  find('panes', HTMLElement).append(copy);
  return new Pane(element, name, {
    url: webSocketUrl,
    channel: channelOfAddress,
    numbering,
    together,
    changed,
  });
}

/** A message has arrived at one of the clients, or a network was cut. */
function changed() {
  const positions = panes.map(({ arrivals }) => arrivals.last ?? 0);
  const newest = Math.max(...positions);
  /** @param {Pane} pane Counts the late messages. A client that came before the first message may have none. */
  const lag = ({ arrivals }) => newest - (arrivals.last ?? numbering.start ?? newest);
  for (const pane of panes) pane.showMissed(lag(pane));
  if (panes.every(({ hasMessages }) => hasMessages)) guide.done('write');
  if (panes.some((pane) => pane.isCut && lag(pane) > 0)) guide.done('miss');
  if (panes.some(({ caughtUp }) => caughtUp > 0)) guide.done('catch-up');
}
