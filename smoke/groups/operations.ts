/** The facts of the HTTP API, one for each operation: a table, so that a new operation does not compile without its fact. */

import { FanfareError } from 'fanfare-client';
import { userChannel } from 'fanfare-protocol/channel';
import type { OperationName } from 'fanfare-protocol/operations';
import { type Fact, type Sighting, saw } from '../fact.ts';
import { brief } from '../frame.ts';
import { listedConnections } from '../listed-channel.ts';
import type { Visit } from '../visit.ts';
import { pollUntil } from '../within.ts';
import { closings } from './closings.ts';

type Look = (visit: Visit) => Promise<Sighting>;

/** The expected result of an operation, and a function that checks it. */
type OperationFact = readonly [expected: string, look: Look];

const facts: Readonly<Record<OperationName, OperationFact>> = {
  publish: ['a publish to a channel reaches its subscriber', publish],
  edit: ['a message is deleted, or the namespace allows no edits and refuses with 403', edit],
  history: ['history reads back what was published', history],
  values: ['the values of a channel are read, or refused with 400 if it has none', values],
  position: ['a position is how far the user has marked the channel', position],
  forgetPosition: ['a position that is forgotten is that of a user who never marked', forgetPosition],
  members: ['members lists the user who is subscribed', members],
  channels: ['channels lists the channel that was just published to, without connections', channels],
  occupancy: ['occupancy counts the one connection that is subscribed', occupancy],
  connections: ['connections lists the two of a user', connections],
  connection: ['a connection is described with its user and channels', connection],
  callAction: ['an action that the configuration does not have is refused with 404', callAction],
  ...closings,
};

const inbox: Fact = {
  name: 'inbox',
  expected: 'a message to a user who is away waits until the user comes and subscribes with after: "marked"',
  async look(visit) {
    visit.needOwnUsers();
    const channel = userChannel(visit.user('ann'));
    await visit.publish(channel, 'waiting');
    const ann = await visit.signIn('ann');
    const reply = await ann.ask({ action: 'subscribe', channel, after: 'marked' });
    return saw(brief(reply['messages'] ?? '').includes('"waiting"'), brief(reply));
  },
};

export const operationFacts: readonly Fact[] = [
  ...Object.entries(facts).map(([name, [expected, look]]) => ({ name, expected, look })),
  inbox,
];

async function publish(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('public');
  const reader = await visit.reader('public');
  await reader.subscribe(channel);
  const seq = await visit.publish(channel, 'hello');
  await reader.hears(channel, 'hello');
  return saw(seq !== undefined, `number ${seq}`);
}

async function edit(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('public');
  const seq = await visit.publish(channel, 'to be deleted');
  const server = await visit.server();
  try {
    const deleted = await server.call('edit', { channel, seq: seq ?? 0, remove: true });
    const { messages } = await server.call('history', { channel });
    return saw(
      messages.some((one) => 'edited' in one && one.edited === deleted.seq),
      brief({ messages }),
    );
  } catch (error) {
    return saw(error instanceof FanfareError && error.code === 'forbidden', String(error));
  }
}

async function history(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('public');
  await visit.publish(channel, 'one', 'two');
  const reply = await (await visit.server()).call('history', { channel });
  const texts = reply.messages.map((record) =>
    'data' in record ? visit.stage.wrapping.unwrap(record.data) : 'void',
  );
  return saw(texts.join() === 'one,two', brief(reply));
}

async function values(visit: Visit): Promise<Sighting> {
  const server = await visit.server();
  try {
    const reply = await server.call('values', { channel: visit.channel('public') });
    return saw(Array.isArray(reply.values), brief(reply));
  } catch (error) {
    return saw(error instanceof FanfareError && error.code === 'bad-request', String(error));
  }
}

async function position(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('chat');
  const seq = await readByAnn(visit, channel);
  const reply = await (await visit.server()).call('position', { user: visit.user('ann'), channel });
  return saw(seq !== undefined && reply.seq === seq, brief(reply));
}

async function forgetPosition(visit: Visit): Promise<Sighting> {
  const reader = { user: visit.user('ann'), channel: visit.channel('chat') };
  const server = await visit.server();
  await readByAnn(visit, reader.channel);
  const before = await server.call('position', reader);
  await server.call('forgetPosition', reader);
  const after = await server.call('position', reader);
  return saw(before.seq !== undefined && after.seq === undefined, `${brief(before)}, then ${brief(after)}`);
}

/** Publishes a message, which ann marks. */
async function readByAnn(visit: Visit, channel: string): Promise<number | undefined> {
  const ann = await visit.signIn('ann');
  const seq = await visit.publish(channel, 'read this');
  await ann.ask({ action: 'mark', channel, seq });
  return seq;
}

async function members(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('members');
  await (await visit.signIn('ann')).subscribe(channel);
  const server = await visit.server();
  // Presence follows from the change stream, a moment after the subscription.
  const reply = await pollUntil(
    visit.stage.patience.answerMs,
    () => server.call('members', { channel }),
    (answer) => answer.members.length > 0,
  );
  const users = reply.members.map(({ user }) => user);
  return saw(users.join() === visit.user('ann'), brief(reply));
}

async function channels(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('public');
  await visit.publish(channel, 'hello');
  const count = await pollUntil(
    visit.stage.patience.answerMs,
    () => listedConnections(visit, channel),
    (answer) => answer !== undefined,
  );
  return saw(count === 0, count === undefined ? 'not listed' : `listed with ${count} connections`);
}

async function occupancy(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('live');
  await (await visit.reader('live')).subscribe(channel);
  const reply = await (await visit.server()).call('occupancy', { channel });
  return saw(reply.connections === 1, brief(reply));
}

async function connections(visit: Visit): Promise<Sighting> {
  visit.needOwnUsers();
  await Promise.all([visit.signIn('ann'), visit.signIn('ann')]);
  const ids = await visit.connectionsOf('ann');
  return saw(ids.length === 2, `${ids.length} connections`);
}

async function connection(visit: Visit): Promise<Sighting> {
  const channel = visit.channel('public');
  const ann = await visit.signIn('ann');
  await ann.subscribe(channel);
  const [connectionId = ''] = await visit.connectionsOf('ann');
  const reply = await (await visit.server()).call('connection', { connectionId });
  const isAnn = reply.user === visit.user('ann') && reply.channels.includes(channel);
  return saw(isAnn, brief(reply));
}

async function callAction(visit: Visit): Promise<Sighting> {
  const server = await visit.server();
  const answer: unknown = await server.call('callAction', { name: 'smoke-unknown' }).catch((error) => error);
  const status = answer instanceof FanfareError ? answer.status : 200;
  return saw(status === 404, `${status}`);
}
