/** The developer console: puts its parts together. */

import { makeCharts } from './charts.js';
import { Commands } from './commands.js';
import { create, find, on } from './elements.js';
import { sentenceOf } from './failures.js';
import { FrameList } from './frame-list.js';
import { Latency } from './latency.js';
import { MessageList } from './message-list.js';
import { Notice } from './notice.js';
import { apiUrl, channelOfAddress, webSocketUrl } from './page-address.js';
import { isServedLocally } from './place.js';
import { makeTables } from './tables.js';
import { makeTabs } from './tabs.js';
import { Throughput } from './throughput.js';
import { Visit } from './visit.js';

const BURST = 500;

const page = {
  status: find('status', HTMLElement),
  url: find('url', HTMLInputElement),
  token: find('token', HTMLInputElement),
  connect: find('connect', HTMLButtonElement),
  cut: find('cut', HTMLButtonElement),
  api: find('api', HTMLInputElement),
  serverToken: find('server-token', HTMLInputElement),
  channel: find('channel', HTMLInputElement),
  subscriptions: find('subscriptions', HTMLUListElement),
  message: find('message', HTMLTextAreaElement),
};

const frames = new FrameList(find('frames', HTMLOListElement));
const messages = new MessageList(find('messages', HTMLOListElement));
const throughput = new Throughput();
const latency = new Latency();
const drawCharts = makeCharts(throughput, latency);
const notice = new Notice(find('notice', HTMLElement), find('notice-action', HTMLButtonElement));
const visit = new Visit(notice, (kind, text) => frames.add(kind, text));
let shown = 'messages-panel';

const tables = makeTables({
  api: () => page.api.value.replace(/\/+$/, ''),
  serverToken: () => page.serverToken.value.trim(),
  channel,
  members: async (of) => {
    if (!visit.session) throw new Error('Connect first.');
    return visit.session.members(of);
  },
});

/** @type {import('./session.js').View} */
const view = {
  state(state, text) {
    document.body.dataset['state'] = state;
    page.status.textContent = text;
    page.url.readOnly = state !== 'disconnected';
    for (const button of document.querySelectorAll('button[data-needs-session]'))
      button.toggleAttribute('disabled', state === 'disconnected');
    nameConnect();
    if (state === 'connected') visit.connected();
  },
  channels(channels) {
    page.subscriptions.replaceChildren(...channels.map((name) => create('li', name)));
  },
  message(of, message, isReplayed) {
    latency.arrived(of, message.seq, performance.now());
    throughput.count();
    messages.add(of, message, isReplayed);
  },
  interrupted: () => messages.mark('cut', 'The connection was lost'),
  resumed(of, count) {
    const replayed = count === 1 ? 'one message was' : `${count} messages were`;
    const sentence = count === 0 ? 'nothing was missed' : `${replayed} replayed, none is missing`;
    messages.mark('resumed', `${of}: resumed; ${sentence}`);
  },
  lost: (of, { from, to }) => messages.mark('lost', `${of}: ${from} to ${to} are not kept any more`),
  members(of) {
    if (shown === 'members-panel' && of === channel()) void tables.read(shown);
  },
  failure: (error) => notice.warn(sentenceOf(error)),
};

const commands = new Commands({
  target: () => ({ url: page.url.value.trim(), token: page.token.value.trim() }),
  visit,
  view,
  notice,
  latency,
});

const tabs = makeTabs(find('tabs', HTMLElement), (panel) => {
  shown = panel;
  void tables.read(panel);
});

start();

function start() {
  page.channel.value = channelOfAddress;
  on('connection-form', 'submit', () => commands.toggle());
  on('ping', 'click', () => commands.ping());
  on('channel-form', 'submit', () => commands.subscribe(channel()));
  on('unsubscribe', 'click', () => commands.unsubscribe(channel()));
  on('message-form', 'submit', publishMessage);
  on('burst', 'click', publishBurst);
  on('cut', 'click', toggleNetwork);
  on('operators-form', 'submit', () => tabs.show('connections-panel'));
  on('clear-messages', 'click', () => messages.clear());
  on('clear-frames', 'click', () => frames.clear());
  page.message.addEventListener('keydown', publishOnEnter);
  page.token.addEventListener('input', nameConnect);
  setInterval(everySecond, 1_000);
  drawCharts();
  if (isServedLocally) connectToRuntime();
}

/** Only to a local runtime: on AWS a connection costs money, and the page does not know the server's address. */
function connectToRuntime() {
  page.url.value = webSocketUrl;
  page.api.value = apiUrl;
  void commands.open()?.subscribe(channel());
  page.message.focus({ preventScroll: true });
}

/** The label of the button says what Enter does in the fields beside it. */
function nameConnect() {
  const token = visit.session?.token ?? page.token.value;
  const isAnother = token !== page.token.value.trim();
  const end = isAnother ? 'Connect with this token' : 'Disconnect';
  page.connect.textContent = document.body.dataset['state'] === 'disconnected' ? 'Connect' : end;
}

function toggleNetwork() {
  const { network } = visit;
  if (network.isCut) network.mend();
  else network.cut();
  page.cut.setAttribute('aria-pressed', String(network.isCut));
  page.cut.textContent = network.isCut ? 'Mend the network' : 'Cut the network';
}

function publishMessage() {
  const text = page.message.value;
  if (text.trim() === '') return notice.warn('Type a message first.');
  void commands.publish(channel(), jsonOr(text));
  // Selected rather than emptied: typing starts the next message, Enter repeats this one.
  page.message.select();
}

function publishBurst() {
  for (let index = 1; index <= BURST; index++) void commands.publish(channel(), `${index} of ${BURST}`);
}

/** @param {KeyboardEvent} event */
function publishOnEnter(event) {
  // While an input method composes, Enter only accepts its suggestion.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  page.message.form?.requestSubmit();
}

function everySecond() {
  throughput.tick();
  drawCharts();
  if (shown === 'bill-panel') void tables.read(shown);
}

function channel() {
  return page.channel.value.trim();
}

/** @param {string} text */
function jsonOr(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
