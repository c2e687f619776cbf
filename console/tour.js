/** The tour: two clients side by side, each with its own network, which the user can cut. */

import { readBill } from './bill.js';
import { find, part } from './elements.js';
import { Guide } from './guide.js';
import { Numbering } from './numbering.js';
import { channelOfAddress, webSocketUrl } from './page-address.js';
import { Pane } from './pane.js';
import { isServedLocally } from './place.js';

const NAMES = ['Ann', 'Ben'];
const BILL_EVERY_MS = 3_000;

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
  // Only the local runtime has them.
  find('examples', HTMLAnchorElement).hidden = false;
  find('console', HTMLAnchorElement).href = `./#channel=${encodeURIComponent(channelOfAddress)}`;
  for (const pane of panes) pane.open();
  panes[0]?.focus();
  void showBill();
  setInterval(showBill, BILL_EVERY_MS);
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
    together: () => Promise.all(panes.map(({ subscribed }) => subscribed)),
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

async function showBill() {
  if (document.hidden) return;
  const bill = await readBill().catch(() => undefined);
  if (bill) find('bill', HTMLElement).textContent = bill.rough;
}
