/** The page that compares the clients. */

import { markdownTable, type Row } from '../report.ts';
import { type Criterion, whereOthersAreBetter } from './better.ts';
import { CLIENTS, OUTAGE_MS, type Package, type RealFigures, type StormFigures } from './measured.ts';

export interface Figures {
  readonly packages: readonly Package[];
  /** The server accepts again at once. */
  readonly restart: readonly StormFigures[];
  readonly outage: readonly StormFigures[];
  readonly real: readonly RealFigures[];
}

const OWN = 'fanfare-client';
/** The least that a client can do: a WebSocket that reconnects. */
const BASELINE = 'partysocket';

const kb = (bytes: number) => (bytes / 1024).toFixed(1);
const mb = (bytes: number) => (bytes / 1024 ** 2).toFixed(1);
const seconds = (ms: number | undefined) => (ms === undefined ? 'never' : (ms / 1000).toFixed(1));
const share = (count: number) => `${((100 * count) / CLIENTS).toFixed(1)} %`;
const oneDigit = (value: number) => value.toFixed(1);

export function pageOf(figures: Figures): string {
  const { packages, restart, outage, real } = figures;
  const sections = [
    HEAD,
    sizeSection(packages),
    firstMessageSection(real),
    stormSection(restart, outage),
    cutSection(real),
    betterSection(figures),
  ];
  return sections.join('\n\n');
}

function sizeSection(packages: readonly Package[]): string {
  const head = ['client', 'version', 'KB minified', 'KB gzipped', `of ${OWN}`, 'packages', 'MB installed'];
  return `## Size and dependencies

Bundled for browsers, minified and gzipped by the settings with which \`fanfare-client\` is checked before a release: what a page loads
to follow one channel. Packages and bytes are what \`npm install\` of the client brings, without install scripts.

${markdownTable(head, sizeRows(packages))}

![Bytes of each client, gzipped](clients.svg)`;
}

function firstMessageSection(real: readonly RealFigures[]): string {
  return `## Time to the first message

From opening a client until it has a message that the server publishes as soon as the client is subscribed, on loopback: the median of
rounds in turns. A stand-in answers at once, so its rows are what the client and its round trips cost. The local runtime does what AWS
does, on two cores: it authorizes, stores the connection, the subscription and the message, and runs a function for each. Its row says
nothing about the client, and nothing about AWS.

${markdownTable(['client', 'server', 'ms', `of ${BASELINE}`], firstMessageRows(real))}`;
}

function stormSection(restart: readonly StormFigures[], outage: readonly StormFigures[]): string {
  const crowd = CLIENTS.toLocaleString('en-US');
  const outageHead = [
    'client',
    'attempts of a client meanwhile',
    'worst second of all',
    'worst second once it is back',
    's until 99 % are back',
    'clients that gave up',
  ];
  return `## ${crowd} clients lose their server

In virtual time, from one seed: clients arrive within 10 s, are calm for 2 minutes, and lose all connections in the same millisecond.
The server is a stand-in 5 to 50 ms away. While it is gone, it refuses at once, as a host without the process does. Shares are attempts
in the worst window of one second, of ${crowd} clients: above 100 %, a client tries several times in that second.

A server that restarts and accepts again at once:

${markdownTable(['client', 'attempts in the worst second', 's until 99 % are back'], restartRows(restart))}

A server that is gone for ${OUTAGE_MS / 1000} s. "Once it is back" counts attempts from then on, because those are the ones that a server bears. A
client that is back sooner with a larger share came back together with the others. By default, SignalR stops after its fourth attempt,
42 s after the failure.

${markdownTable(outageHead, outageRows(outage))}`;
}

function cutSection(real: readonly RealFigures[]): string {
  const head = [
    'client',
    'server',
    'of 30 arrived afterwards',
    'missed in all',
    'twice',
    'out of order',
    's until the first message',
  ];
  return `## What is lost after a cut of 30 s

Real sockets through a link that resets them, and refuses new ones for 30 s. A message is published every second, before, during and
after. "Missed" counts all messages that the client never got, also those that were published between the end of the cut and the
client's return. All clients are cut at the same time, once, so the last column is one random delay of each.

${markdownTable(head, cutRows(real))}

${NOT_RESTORED}`;
}

function betterSection(figures: Figures): string {
  return `## Where a peer does better

Of the figures above, those in which a client has less than Fanfare's. The bench writes this table.

${markdownTable(['figure', OWN, 'better'], whereOthersAreBetter(OWN, criteria(figures)))}

${FEATURES}`;
}

const HEAD = `# Compared with the peers' clients

Published packages, with the default settings of each. Nothing was run on AWS, and nothing against a service of the peers. One machine
of two cores; the ratios mean more than the figures.

| client | its own server | here |
| --- | --- | --- |
| fanfare-client | this repository | the local runtime; the stand-in where figures are about the client |
| socket.io-client | \`socket.io\`, in the npm registry | the real one, 4.8.4, WebSocket only; in virtual time a stand-in |
| centrifuge | Centrifugo, a Go program | not run: a stand-in, and no figure for lost messages |
| ably | a service | not run: a stand-in, and no figure for lost messages |
| pusher-js | a service, and compatible servers | not run: a stand-in. soketi is in the registry, but its \`uWebSockets.js\` is fetched from GitHub |
| @microsoft/signalr | ASP.NET Core | not run: a stand-in; with \`withAutomaticReconnect()\`, which its documentation recommends |
| phoenix | an Elixir library | not run: a stand-in |
| partysocket | any WebSocket server | a stand-in: a \`ws\` server. partysocket is the maintained successor of reconnecting-websocket |

A stand-in is a server of ours that speaks the client's protocol as far as connecting, subscribing and receiving go, and stores nothing.`;

const NOT_RESTORED = `"With recovery" is the server's option \`connectionStateRecovery\`, which is off by default and keeps messages for 2 minutes. Not in
the table: Centrifugo and Ably restore missed messages from their servers' history, which was not run. SignalR has a stateful
reconnect that its server has to offer, which was not run either. In the protocol of Phoenix Channels, and on a plain WebSocket, a
client cannot ask for what it missed, so no server changes their rows. In Pusher's it can get the last message of a cache channel.`;

const FEATURES = `What Fanfare's client does not have at all, and peers have: calls of server methods with results (SignalR, socket.io, Phoenix,
Centrifugo), streams in both directions (SignalR), deltas between messages (Centrifugo, Ably), end-to-end encryption (Ably, Pusher), push
notifications for phones (Ably, Pusher Beams), servers for production outside of one's own AWS account (all), and official clients in
other languages (all but Phoenix and partysocket).`;

function sizeRows(packages: readonly Package[]): readonly Row[] {
  const own = packages.find(({ name }) => name === OWN)?.size.gzipped ?? Number.NaN;
  return packages.map(({ name, version, size, footprint }) => [
    name,
    version,
    kb(size.minified),
    kb(size.gzipped),
    (size.gzipped / own).toFixed(2),
    footprint.packages,
    mb(footprint.bytes),
  ]);
}

function firstMessageRows(real: readonly RealFigures[]): readonly Row[] {
  const baseline = real.find(({ name }) => name === BASELINE)?.firstMessageMs ?? Number.NaN;
  return real
    .filter(({ server }) => server !== 'socket.io with recovery')
    .map(({ name, server, firstMessageMs: ms }) => [name, server, oneDigit(ms), oneDigit(ms / baseline)]);
}

function restartRows(storms: readonly StormFigures[]): readonly Row[] {
  return storms.map(({ name, worst, backMs }) => [name, share(worst), seconds(backMs)]);
}

function outageRows(storms: readonly StormFigures[]): readonly Row[] {
  return storms.map(({ name, attemptsEach, worst, worstOnceBack, backMs, returned }) => [
    name,
    oneDigit(attemptsEach),
    share(worst),
    returned === 0 ? '' : share(worstOnceBack),
    seconds(backMs),
    CLIENTS - returned,
  ]);
}

function cutRows(real: readonly RealFigures[]): readonly Row[] {
  return real.flatMap(({ name, server, cut }) =>
    cut ? [[name, server, cut.arrived, cut.missed, cut.doubled, cut.outOfOrder, seconds(cut.backMs)]] : [],
  );
}

function criteria({ packages, restart, outage, real }: Figures): readonly Criterion[] {
  /** Clients that gave up have no figure: they spare a server by staying away. */
  const ofStorms = (storms: readonly StormFigures[], figure: (storm: StormFigures) => number | undefined) =>
    storms.map((storm) => [storm.name, storm.returned === 0 ? undefined : figure(storm)] as const);
  const standIns = real.filter(({ server }) => server === 'stand-in');
  const cuts = real.map(
    ({ name, server, cut }) => [server === 'local runtime' ? OWN : `${name} (${server})`, cut] as const,
  );
  return [
    { what: 'KB gzipped', figures: packages.map(({ name, size }) => [name, size.gzipped]), shown: kb },
    {
      what: 'MB installed',
      figures: packages.map(({ name, footprint }) => [name, footprint.bytes]),
      shown: mb,
    },
    {
      what: 'ms to the first message, stand-in',
      figures: standIns.map(({ name, firstMessageMs }) => [name, firstMessageMs]),
      shown: oneDigit,
    },
    {
      what: 'restart: s until 99 % are back',
      figures: ofStorms(restart, ({ backMs }) => backMs),
      shown: seconds,
    },
    {
      what: 'outage: attempts of a client',
      figures: ofStorms(outage, ({ attemptsEach }) => attemptsEach),
      shown: oneDigit,
    },
    { what: 'outage: worst second of all', figures: ofStorms(outage, ({ worst }) => worst), shown: share },
    {
      what: 'outage: worst second once the server is back',
      figures: ofStorms(outage, ({ worstOnceBack }) => worstOnceBack),
      shown: share,
    },
    {
      what: 'outage: s until 99 % are back',
      figures: ofStorms(outage, ({ backMs }) => backMs),
      shown: seconds,
    },
    { what: 'cut: messages missed', figures: cuts.map(([name, cut]) => [name, cut?.missed]), shown: String },
    {
      what: 'cut: s until the first message',
      figures: cuts.map(([name, cut]) => [name, cut?.backMs]),
      shown: seconds,
    },
  ];
}
