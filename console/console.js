/** The console page: one connection, its subscriptions, and every frame that crosses it. */

/** Both are in protocol/ too, which a page without a build cannot import. */
const SUBPROTOCOL = 'fanfare.v1';
const FRAME_BYTES = 32 * 1024;

/** Enough to look back, few enough to stay fast. */
const ROWS_KEPT = 500;

/** Closer to the end than this counts as being there: zoomed pages scroll by fractions of a pixel. */
const END_MARGIN_PX = 8;

const NORMAL_CLOSURE = 1000;

/** What the codes mean that usually come without a reason. */
const closeMeanings = new Map([
  [NORMAL_CLOSURE, 'closed normally'],
  [1001, 'going away'],
  [1005, 'no code was sent'],
  [1006, 'refused, or the network was lost'],
  [1009, 'too big'],
]);

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** @typedef {'sent' | 'received' | 'failed' | 'note'} RowKind */

/** @type {Record<RowKind, { sign: string, name: string }>} */
const rowSigns = {
  sent: { sign: '↑', name: 'Sent' },
  received: { sign: '↓', name: 'Received' },
  failed: { sign: '↓', name: 'Received an error' },
  note: { sign: '·', name: 'Note' },
};

const page = {
  status: find('status', HTMLElement),
  url: find('url', HTMLInputElement),
  token: find('token', HTMLInputElement),
  connect: find('connect', HTMLButtonElement),
  channel: find('channel', HTMLInputElement),
  subscriptions: find('subscriptions', HTMLUListElement),
  message: find('message', HTMLTextAreaElement),
  notice: find('notice', HTMLElement),
  frames: find('frames', HTMLOListElement),
};

/** @type {WebSocket | undefined} From `connect` to its close event, so that there is never a second one. */
let connection;

/** Commands are numbered, so that replies can be told apart. */
let lastId = 0;

/** @type {Set<string>} What the server confirmed, not what was asked for. */
const subscribed = new Set();

start();

function start() {
  page.url.value = `${location.protocol.replace('http', 'ws')}//${location.host}/local`;
  on('connection-form', 'submit', () => (connection ? connection.close(NORMAL_CLOSURE) : connect()));
  on('ping', 'click', () => send({ action: 'ping' }));
  on('channel-form', 'submit', () => sendToChannel('subscribe'));
  on('unsubscribe', 'click', () => sendToChannel('unsubscribe'));
  on('message-form', 'submit', publish);
  on('clear', 'click', () => page.frames.replaceChildren());
  page.message.addEventListener('keydown', publishOnEnter);
}

function connect() {
  warn('');
  try {
    // Behind the protocol's name, where no log sees it.
    connection = new WebSocket(page.url.value, [SUBPROTOCOL, page.token.value.trim()].filter(Boolean));
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    return;
  }
  connection.addEventListener('open', opened);
  connection.addEventListener('message', ({ data }) => received(String(data)));
  connection.addEventListener('close', closed);
  showState('connecting', 'Connecting');
}

function opened() {
  addRow('note', `Connected to ${page.url.value}`);
  showState('connected', 'Connected');
}

/** @param {CloseEvent} event */
function closed({ code, reason }) {
  connection = undefined;
  subscribed.clear();
  showSubscriptions();
  const ending = [code, reason || closeMeanings.get(code)].filter(Boolean).join(' ');
  addRow('note', `Closed: ${ending}`);
  showState('disconnected', `Disconnected: ${ending}`);
}

/** @param {string} text */
function received(text) {
  const events = [parse(text)?.value].flat();
  addRow(events.some((event) => event?.event === 'error') ? 'failed' : 'received', text);
  for (const event of events) {
    if (event?.event === 'subscribed') subscribed.add(String(event.channel));
    if (event?.event === 'unsubscribed') subscribed.delete(String(event.channel));
  }
  showSubscriptions();
}

/** @param {'subscribe' | 'unsubscribe'} action */
function sendToChannel(action) {
  send({ action, channel: page.channel.value });
}

function publish() {
  const text = page.message.value;
  const parsed = parse(text);
  const data = parsed ? parsed.value : text;
  const sent = send({ action: 'publish', channel: page.channel.value, data });
  // Selected rather than emptied: typing starts the next message, Enter repeats this one.
  if (sent) page.message.select();
}

/** @param {KeyboardEvent} event */
function publishOnEnter(event) {
  // While an input method composes, Enter only accepts its suggestion.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  page.message.form?.requestSubmit();
}

/**
 * @param {object} command
 * @returns {boolean} Whether it was sent; if not, the page says why.
 */
function send(command) {
  const frame = JSON.stringify({ id: ++lastId, ...command });
  const bytes = new TextEncoder().encode(frame).length;
  if (connection?.readyState !== WebSocket.OPEN) {
    warn('Not sent: there is no open connection.');
    return false;
  }
  if (bytes > FRAME_BYTES) {
    warn(
      `Not sent: the frame has ${bytes} bytes, and above ${FRAME_BYTES} the platform closes the connection (1009).`,
    );
    return false;
  }
  warn('');
  connection.send(frame);
  addRow('sent', frame);
  return true;
}

/**
 * @param {string} text
 * @returns {{ value: any } | undefined} Wrapped, because `null` is JSON too.
 */
function parse(text) {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * @param {'disconnected' | 'connecting' | 'connected'} state
 * @param {string} text
 */
function showState(state, text) {
  document.body.dataset['state'] = state;
  page.status.textContent = text;
  page.connect.textContent = state === 'disconnected' ? 'Connect' : 'Disconnect';
  page.url.readOnly = state !== 'disconnected';
  for (const button of document.querySelectorAll('button[data-needs-connection]')) {
    button.toggleAttribute('disabled', state !== 'connected');
  }
}

function showSubscriptions() {
  page.subscriptions.replaceChildren(...[...subscribed].map((channel) => create('li', channel)));
}

/** @param {string} sentence Empty to say nothing. */
function warn(sentence) {
  page.notice.textContent = sentence;
}

/**
 * @param {RowKind} kind
 * @param {string} text
 */
function addRow(kind, text) {
  const { frames } = page;
  const isAtEnd = frames.scrollHeight - frames.scrollTop - frames.clientHeight < END_MARGIN_PX;
  const sign = create('span', rowSigns[kind].sign);
  sign.role = 'img';
  sign.ariaLabel = rowSigns[kind].name;
  const row = create('li');
  row.className = kind;
  row.append(create('time', clock.format(new Date())), sign, create('code', text));
  frames.append(row);
  if (frames.childElementCount > ROWS_KEPT) frames.firstElementChild?.remove();
  if (isAtEnd) frames.scrollTop = frames.scrollHeight;
}

/** Content only ever enters as text: a message can never become markup. */
function create(/** @type {string} */ tag, text = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/**
 * @param {string} id
 * @param {'click' | 'submit'} type
 * @param {() => void} action In place of what the browser would do.
 */
function on(id, type, action) {
  find(id, HTMLElement).addEventListener(type, (event) => {
    event.preventDefault();
    action();
  });
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function find(id, type) {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`index.html lacks the ${type.name} "${id}".`);
}
