/** The console page: puts its parts together. */

import { BarChart } from './bar-chart.js';
import { create, find, on } from './elements.js';
import { FrameList } from './frame-list.js';
import { Latency } from './latency.js';
import { MessageList } from './message-list.js';
import { Network } from './network.js';
import { Session } from './session.js';
import { makeTables } from './tables.js';
import { makeTabs } from './tabs.js';
import { SECONDS, Throughput } from './throughput.js';

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
  notice: find('notice', HTMLElement),
};

const frames = new FrameList(find('frames', HTMLOListElement));
const messages = new MessageList(find('messages', HTMLOListElement));
const network = new Network((kind, text) => frames.add(kind, text));
const throughput = new Throughput();
const latency = new Latency();
const rateChart = new BarChart(find('rate', HTMLElement).querySelector('svg') ?? fail('rate'), SECONDS);
const latencyChart = new BarChart(
  find('latency', HTMLElement).querySelector('svg') ?? fail('latency'),
  latency.figures.bars.length,
);

/** @type {Session | undefined} */
let session;
let shown = 'messages-panel';

const tables = makeTables({
  api: () => page.api.value.replace(/\/+$/, ''),
  serverToken: () => page.serverToken.value.trim(),
  channel: () => page.channel.value,
  members: async (channel) => {
    if (!session) throw new Error('Connect first.');
    return session.members(channel);
  },
});

/** @type {import('./session.js').View} */
const view = {
  state(state, text) {
    document.body.dataset['state'] = state;
    page.status.textContent = text;
    page.connect.textContent = state === 'disconnected' ? 'Connect' : 'Disconnect';
    page.url.readOnly = state !== 'disconnected';
    for (const button of document.querySelectorAll('button[data-needs-session]'))
      button.toggleAttribute('disabled', state === 'disconnected');
  },
  channels(channels) {
    page.subscriptions.replaceChildren(...channels.map((channel) => create('li', channel)));
  },
  message(channel, message, isReplayed) {
    latency.arrived(channel, message.seq, performance.now());
    throughput.count();
    messages.add(channel, message, isReplayed);
  },
  marker: (kind, sentence) => messages.mark(kind, sentence),
  members(channel) {
    if (shown === 'members-panel' && channel === page.channel.value) void tables.read(shown);
  },
  failure: warn,
};

start();

function start() {
  const { protocol, host, hash } = location;
  page.url.value = `${protocol.replace('http', 'ws')}//${host}/local`;
  page.api.value = `${protocol}//${host}/local`;
  // `#channel=open:game` opens the page on a channel.
  page.channel.value = new URLSearchParams(hash.slice(1)).get('channel') ?? page.channel.value;
  on('connection-form', 'submit', () => (session ? disconnect() : connect()));
  on('ping', 'click', () => session?.ping().catch(report));
  on('channel-form', 'submit', () => session?.subscribe(page.channel.value));
  on('unsubscribe', 'click', () => session?.unsubscribe(page.channel.value));
  on('message-form', 'submit', publishMessage);
  on('burst', 'click', publishBurst);
  on('cut', 'click', toggleNetwork);
  on('clear-messages', 'click', () => messages.clear());
  on('clear-frames', 'click', () => frames.clear());
  page.message.addEventListener('keydown', publishOnEnter);
  makeTabs(find('tabs', HTMLElement), (panel) => {
    shown = panel;
    void tables.read(panel);
  });
  setInterval(everySecond, 1_000);
  drawCharts();
}

function connect() {
  warn('');
  try {
    session = new Session(page.url.value, page.token.value.trim(), network, view);
  } catch (error) {
    report(error);
  }
}

function disconnect() {
  session?.close();
  session = undefined;
}

function toggleNetwork() {
  if (network.isCut) network.mend();
  else network.cut();
  page.cut.setAttribute('aria-pressed', String(network.isCut));
  page.cut.textContent = network.isCut ? 'Mend the network' : 'Cut the network';
}

function publishMessage() {
  void publish(jsonOr(page.message.value));
  // Selected rather than emptied: typing starts the next message, Enter repeats this one.
  page.message.select();
}

function publishBurst() {
  for (let index = 1; index <= BURST; index++) void publish(`${index} of ${BURST}`);
}

/** @param {unknown} data */
async function publish(data) {
  if (!session) return;
  warn('');
  const channel = page.channel.value;
  const sentAt = performance.now();
  try {
    latency.sent(channel, await session.publish(channel, data), sentAt);
  } catch (error) {
    report(error);
  }
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

function drawCharts() {
  const { rate, total, perSecond } = throughput;
  rateChart.draw(perSecond, `Messages per second in the last minute, ${rate} in the last second`);
  setText('rate-figure', `${rate} a second, ${total} in all`);
  const { count, median, p99, bars } = latency.figures;
  const sentence =
    median === undefined || p99 === undefined
      ? 'no message of this page yet'
      : `median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${count} messages`;
  latencyChart.draw(
    bars.map((bar) => bar.count),
    `From publish to delivery: ${sentence}`,
  );
  setText('latency-figure', sentence);
}

/**
 * @param {string} id
 * @param {string} text
 */
function setText(id, text) {
  find(id, HTMLElement).textContent = text;
}

/** @param {string} text */
function jsonOr(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {unknown} error */
function report(error) {
  warn(error instanceof Error ? error.message : String(error));
}

/** @param {string} sentence Empty to say nothing. */
function warn(sentence) {
  page.notice.textContent = sentence;
}

/**
 * @param {string} id
 * @returns {never}
 */
function fail(id) {
  throw new Error(`index.html lacks the picture of "${id}".`);
}
