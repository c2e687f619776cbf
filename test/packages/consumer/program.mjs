/** An application that uses every door of `fanfare-client`, and prints the results as one line of JSON. */

import { connect, FanfareError } from 'fanfare-client';
import { connect as connectWithFallback } from 'fanfare-client/fallback';
import { historyOf, messagesOf } from 'fanfare-client/history';
import { openInbox } from 'fanfare-client/inbox';
import { watchMembers } from 'fanfare-client/presence';
import { FanfareServer } from 'fanfare-client/server';
import { valuesOf } from 'fanfare-client/values';

const [webSocketUrl = '', fallbackUrl = '', apiUrl = '', token = ''] = process.argv.slice(2);

const connection = connect(webSocketUrl);
const overHttp = connectWithFallback(webSocketUrl, { fallbackUrl, transports: ['sse'] });
/** @type {unknown[]} */
const received = [];

/**
 * Settles with the first message of a channel.
 * @param {import('fanfare-client').Connection} from
 * @param {string} channel
 */
async function firstMessage(from, channel) {
  /** @type {(data: unknown) => void} */
  let settle = () => {};
  const first = new Promise((resolve) => {
    settle = resolve;
  });
  await from.channel(channel).subscribe(({ data }) => settle(data)).ready;
  return { first };
}

const lobby = await firstMessage(connection, 'open:lobby');
await connection.channel('open:lobby').publish('over a WebSocket');
received.push(await lobby.first);

// The doors reach into the core by names that the build has shortened.
const { messages } = await historyOf(connection.channel('open:lobby'), { after: 0 });
const loop = messagesOf(connection.channel('open:lobby'), { after: 0 });
const { value } = await loop.next();
await loop.return();
if (messages[0]?.data !== 'over a WebSocket' || value?.data !== 'over a WebSocket')
  throw new Error('history');

const votes = valuesOf(connection.channel('open:votes'));
const counted = votes.watch();
await counted.ready;
await votes.update('tea', (count) => Number(count ?? 0) + 1);
await votes.remove('coffee');
for await (const { name, data } of counted) if (name === 'tea' && Number(data) > 0) break;
counted.stop();

const news = await firstMessage(overHttp, 'open:news');
await new FanfareServer(apiUrl, { token }).call('publish', {
  channels: ['open:news'],
  data: 'from a server',
});
received.push(await news.first);

/** @param {unknown} error */
const codeOf = (error) => error instanceof FanfareError && error.code;
const watch = watchMembers(connection, 'public:news', () => {});
const refused = [
  await watch.ready.catch(codeOf),
  await openInbox(connection, 'ann', () => {}).ended.catch(codeOf),
];

connection.close();
overHttp.close();
process.stdout.write(JSON.stringify({ received, refused }));
