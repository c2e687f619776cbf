/** Messages between two sockets: they arrive, also ten at once, and this is how soon. */

import { type Fact, type Group, saw } from '../fact.ts';
import { brief, membersOf, messagesOn } from '../frame.ts';
import { Refused } from '../not-shown.ts';
import { LOCAL_PATIENCE, PATIENCE } from '../patience.ts';
import type { Visit } from '../visit.ts';
import type { Visitor } from '../visitor.ts';

/** Enough messages, so that one cold start does not change the median. */
const ROUNDS = 15;

const AT_ONCE = 10;

/** Both are subscribed. */
async function pair(
  visit: Visit,
  channel: string,
): Promise<{ readonly ann: Visitor; readonly bob: Visitor }> {
  const [ann, bob] = await Promise.all([visit.signIn('ann'), visit.signIn('bob')]);
  await Promise.all([ann.subscribe(channel), bob.subscribe(channel)]);
  return { ann, bob };
}

const heard: Fact = {
  name: 'heard',
  expected: 'what ann publishes reaches bob and ann, from ann',
  async look(visit) {
    const channel = visit.channel('chat');
    const { ann, bob } = await pair(visit, channel);
    const reply = await ann.publish(channel, 'hello');
    const [atBob, atAnn] = await Promise.all([bob.hears(channel, 'hello'), ann.hears(channel, 'hello')]);
    const senders = [atBob, atAnn].flatMap((frame) => messagesOn(channel, frame)).map(({ from }) => from);
    const isFromAnn = senders.length === 2 && senders.every((sender) => sender === visit.user('ann'));
    return saw(reply['event'] === 'published' && isFromAnn, `${brief(reply)}; bob got ${brief(atBob)}`);
  },
};

const order: Fact = {
  name: 'ten-at-once',
  number: 'OR-3',
  expected: `${AT_ONCE} publishes at once all arrive, with consecutive numbers; the order of their arrival is recorded`,
  async look(visit) {
    const channel = visit.channel('chat');
    const { ann, bob } = await pair(visit, channel);
    const all = Array.from({ length: AT_ONCE }, (_, data) => data);
    await Promise.all(all.map((mark) => ann.publish(channel, mark)));
    const arrived: number[] = [];
    while (arrived.length < AT_ONCE) {
      const frame = await bob.next('the rest', (one) => messagesOn(channel, one).length > 0);
      arrived.push(...messagesOn(channel, frame).map(({ seq = Number.NaN }) => seq));
    }
    const first = Math.min(...arrived);
    const isComplete = all.every((index) => arrived.includes(first + index));
    const places = arrived.map((seq) => seq - first);
    return saw(isComplete, `arrived in the order ${places.join(' ')}`);
  },
};

const inArray: Fact = {
  name: 'ten-in-an-array',
  number: 'OR-2',
  expected: `${AT_ONCE} publishes in one array get numbers in their order`,
  async look(visit) {
    const channel = visit.channel('chat');
    const { ann, bob } = await pair(visit, channel);
    const all = Array.from({ length: AT_ONCE }, (_, data) => data);
    const { wrap, unwrap } = visit.stage.wrapping;
    ann.wire.send(JSON.stringify(all.map((mark) => ({ action: 'publish', channel, data: wrap(mark) }))));
    const replies = await ann.answer('the replies');
    const refused = (Array.isArray(replies) ? replies.map(membersOf) : []).find(
      ({ event }) => event === 'error',
    );
    if (refused) throw new Refused(String(refused['message']));
    const arrived: { readonly seq: number; readonly mark: string | undefined }[] = [];
    while (arrived.length < AT_ONCE) {
      const frame = await bob.next('the rest', (one) => messagesOn(channel, one).length > 0);
      for (const { seq = Number.NaN, data } of messagesOn(channel, frame))
        arrived.push({ seq, mark: unwrap(data) });
    }
    const texts = arrived.toSorted((one, other) => one.seq - other.seq).map(({ mark }) => mark);
    return saw(texts.join() === all.join(), `by their numbers: ${texts.join(' ')}`);
  },
};

const latency: Fact = {
  name: 'latency',
  number: 'OR-10',
  expected: `the median of ${ROUNDS} times from a publish to its arrival at another client is below ${PATIENCE.medianMs} ms, or ${LOCAL_PATIENCE.medianMs} ms on a laptop`,
  async look(visit) {
    const channel = visit.channel('live');
    const { ann, bob } = await pair(visit, channel);
    const { wrap } = visit.stage.wrapping;
    // Reports a refusal. It also starts the functions.
    await ann.publish(channel, 'first');
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      ann.wire.send(JSON.stringify({ action: 'publish', channel, data: wrap(round) }));
      await bob.hears(channel, round);
      times.push(Math.round(performance.now() - start));
    }
    times.sort((one, other) => one - other);
    const median = times[Math.floor(ROUNDS / 2)] ?? Number.NaN;
    return saw(
      median < visit.stage.patience.medianMs,
      `${median} ms, from ${times[0]} to ${times.at(-1)} ms`,
    );
  },
};

export const messages: Group = { facts: [heard, order, inArray, latency] };
