/** Event streams, polls and commands over HTTP, where the stage has them on. */

import { SESSION_LENGTH_MAX } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { type Fact, type Group, type Sighting, saw, skipped } from '../fact.ts';
import { brief, membersOf, messagesOn } from '../frame.ts';
import { readEvents } from '../read-events.ts';
import type { Visit } from '../visit.ts';
import { pollUntil } from '../within.ts';

const OFF = skipped('the fallback is off in this stage');

/** Of one poll. Seconds. */
const WAIT_SECONDS = 5;

const polled = v.object({ frames: v.array(v.unknown()), ack: v.string() });

/** An HTTP session of the fact's own. */
interface HttpSession {
  urlOf(path: string): string;
  ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** A session that may read the channel of the facts. */
async function sessionOf(visit: Visit, url: string): Promise<HttpSession> {
  const token = await visit.readingToken('public');
  const urlOf = (path: string) => {
    const at = new URL(`${url}${path}`);
    if (token !== undefined && !at.searchParams.has('token')) at.searchParams.set('token', token);
    at.searchParams.set('session', `smoke-session-${visit.id}`.slice(0, SESSION_LENGTH_MAX));
    return at.href;
  };
  return {
    urlOf,
    async ask(method, path, body) {
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await visit.fetch(urlOf(path), { method, ...init });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

function brings({ stage }: Visit, channel: string, frame: unknown, mark: string): boolean {
  return messagesOn(channel, frame).some(({ data }) => stage.wrapping.unwrap(data) === mark);
}

function withFallback(
  name: string,
  expected: string,
  look: (visit: Visit, url: string) => Promise<Sighting>,
): Fact {
  return {
    name,
    expected,
    look: async (visit) =>
      visit.stage.fallbackUrl === undefined ? OFF : look(visit, visit.stage.fallbackUrl),
  };
}

/**
 * A named session, which the fact closes. Otherwise its function would run, and cost money, for a quarter of an hour after its
 * reader has left.
 */
const stream = withFallback(
  'stream',
  'an event stream begins with subscribed, and brings what is published',
  async (visit, url) => {
    const channel = visit.channel('public');
    const session = await sessionOf(visit, url);
    const events = await readEvents(visit.fetch, session.urlOf(`/?channel=${encodeURIComponent(channel)}`));
    const first = await events.next();
    await visit.publish(channel, 'streamed');
    const second = await events.next();
    await session.ask('DELETE', '/');
    await events.close();
    const isThere = brings(visit, channel, second, 'streamed');
    return saw(membersOf(first)['event'] === 'subscribed' && isThere, `${brief(first)}, ${brief(second)}`);
  },
);

const poll = withFallback(
  'poll',
  'a session subscribes by POST, and a poll brings what is published; after DELETE a poll is answered 410',
  async (visit, url) => {
    const channel = visit.channel('public');
    const session = await sessionOf(visit, url);
    const opened = await session.ask('GET', '/poll?open=1');
    const subscribed = await session.ask('POST', '/', { action: 'subscribe', channel });
    await visit.publish(channel, 'polled');
    const found = await pollUntil(
      2 * WAIT_SECONDS * 1000,
      async () => v.parse(polled, (await session.ask('GET', `/poll?wait=${WAIT_SECONDS}`)).body).frames,
      (frames) => frames.some((frame) => messagesOn(channel, frame).length > 0),
    );
    const closed = await session.ask('DELETE', '/');
    const after = await session.ask('GET', '/poll?wait=0');
    const isHeard = found.some((frame) => brings(visit, channel, frame, 'polled'));
    const statuses = [opened, subscribed, closed, after].map(({ status }) => status);
    return saw(isHeard && statuses.join() === '200,200,204,410', `${statuses.join()}, ${brief(found)}`);
  },
);

const post = withFallback('post', 'a command by POST has its reply in the answer', async (visit, url) => {
  const session = await sessionOf(visit, url);
  await session.ask('GET', '/poll?open=1');
  const { status, body } = await session.ask('POST', '/', { action: 'ping', id: 'smoke' });
  await session.ask('DELETE', '/');
  const pong = membersOf(body);
  return saw(
    status === 200 && pong['event'] === 'pong' && pong['id'] === 'smoke',
    `${status} ${brief(body)}`,
  );
});

const wrongToken = withFallback('wrong-token', 'a wrong token is refused with 401', async (visit, url) => {
  const { status } = await (await sessionOf(visit, url)).ask('GET', '/poll?open=1&token=smoke');
  return saw(status === 401, String(status));
});

export const fallback: Group = { facts: [stream, poll, post, wrongToken] };
