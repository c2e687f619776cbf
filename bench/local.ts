/** The local runtime beside a plain `ws` server: round trips, broadcasts, and how many connections it holds. */

import { AUDIENCE, measureBroadcast } from './local/broadcast.ts';
import { ECHO_CONNECTIONS, measureEcho } from './local/echo.ts';
import { type Held, holdConnections } from './local/many-connections.ts';
import type { ServerKind } from './local/server-messages.ts';
import { startServer } from './local/start-server.ts';
import { markdownTable, publishBars, publishPage } from './report.ts';

const MANY = 5_000;

/** The bars for the runtime: a share of the raw server's rate, and a multiple of its time. */
const LEAST_ECHO = 1 / 6;
const MOST_BROADCAST = 10;

type Figures = ReadonlyMap<string, number>;

export async function benchLocal(): Promise<void> {
  const servers = {
    raw: await startServer('raw'),
    small: await startServer('small'),
    fanfare: await startServer('fanfare'),
  };
  const echo = await measureEcho({ raw: servers.raw, small: servers.small });
  const broadcast = await measureBroadcast(servers);
  for (const server of Object.values(servers)) server.close();
  const held = { raw: await hold('raw'), small: await hold('small') };
  await publishPage('local', pageOf(echo, broadcast, held));
  await publishBars('local', `Milliseconds to broadcast to ${AUDIENCE} connections`, [
    ['ws alone', rounded(broadcast.get('raw'))],
    ['Fanfare: publish', rounded(broadcast.get('publish'))],
    ["a Lambda, Fanfare's poster", rounded(broadcast.get('poster'))],
    ["a Lambda, the SDK's client", rounded(broadcast.get('sdk'))],
  ]);
}

/** In a process that has done no other work. */
async function hold(kind: ServerKind): Promise<Held> {
  const server = await startServer(kind);
  const held = await holdConnections(server, MANY);
  server.close();
  return held;
}

function pageOf(echo: Figures, broadcast: Figures, held: Readonly<Record<'raw' | 'small', Held>>): string {
  const echoOf = (name: string) => echo.get(name) ?? Number.NaN;
  const timeOf = (name: string) => broadcast.get(name) ?? Number.NaN;
  const many = MANY.toLocaleString('en-US');
  const broadcastRow = (label: string, name: string) => [
    label,
    timeOf(name).toFixed(1),
    (timeOf(name) / timeOf('raw')).toFixed(1),
  ];
  const heldRow = (label: string, { reached, secondsToOpen, kilobytesEach }: Held) => [
    label,
    reached,
    secondsToOpen.toFixed(1),
    kilobytesEach.toFixed(0),
  ];
  return `# The local runtime beside a plain \`ws\` server

Each server has a process of its own, and one process holds the clients of all of them. The runtime does for every frame what
AWS does: it selects a route, makes an event, and runs a function in its own environment, which is another thread. Figures are
medians of rounds that ran in turns, on two cores that servers, functions and clients share.

## Round trips

${ECHO_CONNECTIONS} connections, each of which sends its next frame when the one before has come back. The bar is a sixth of \`ws\`: ${verdict(
    echoOf('small') / echoOf('raw') >= LEAST_ECHO,
  )}.

${markdownTable(
  ['server', 'round trips per second', 'of `ws`'],
  [
    ['`ws` alone', Math.round(echoOf('raw')), '1'],
    [
      'local runtime, two-way route, function',
      Math.round(echoOf('small')),
      `1/${(echoOf('raw') / echoOf('small')).toFixed(1)}`,
    ],
  ],
)}

## Broadcast

From the moment at which one client sends until the last of ${AUDIENCE} has the message. A plain server writes to its sockets; on AWS, and so
here, it takes a signed HTTPS request for each connection, here without TLS. \`publish\` writes the message to the channel's log first. The
bar is ten times \`ws\`: ${verdict(timeOf('publish') / timeOf('raw') <= MOST_BROADCAST)}.

${markdownTable(
  ['way', 'milliseconds', 'times `ws`'],
  [
    broadcastRow('`ws` alone', 'raw'),
    broadcastRow('Fanfare: `publish`', 'publish'),
    broadcastRow("a function with Fanfare's poster", 'poster'),
    broadcastRow("a function with the SDK's client", 'sdk'),
  ],
)}

![Milliseconds to broadcast](local.svg)

## ${many} connections

Opened ${many} at once, then every one gets a message: from the runtime by the management API, from \`ws\` as an echo. Memory is what is
resident on the server's side after a collection, before anything is sent.

${markdownTable(
  ['server', 'connections that got it', 'seconds to open', 'KB for each'],
  [heldRow('`ws` alone', held.raw), heldRow('local runtime', held.small)],
)}

A connection is a file descriptor in each of the two processes. Node.js raises its own limit as far as it may (\`ulimit -Hn\`), so a
hard limit of ${(MANY + 1_000).toLocaleString('en-US')} is enough; \`ulimit -n\` need not be touched.`;
}

function verdict(isReached: boolean): string {
  return isReached ? 'reached' : 'MISSED';
}

function rounded(value = Number.NaN): number {
  return Math.round(value * 10) / 10;
}
