/** A fault for each rule of the wire protocol: a server that has it is right in everything else. */

import { type Members, membersOf, parsedFrame } from '../../smoke/frame.ts';
import type { Handshake, OpenSocket, Wire } from '../../smoke/stage.ts';

/** What the faulty server does otherwise. */
interface Fault {
  handshake?(handshake: Handshake): Handshake;
  wire?(wire: Wire): Wire;
  /** What a client has sent. With `undefined` the server never gets it. */
  sent?(text: string, reply: (text: string) => void): string | undefined;
  /** What the server sends. */
  text?(text: string): string;
}

export function withFault(open: OpenSocket, { handshake, wire, sent, text }: Fault): OpenSocket {
  return async (asked, onText) => {
    const hear = (heard: string) => onText(text?.(heard) ?? heard);
    const entry = await open(handshake?.(asked) ?? asked, hear);
    if (entry.kind === 'refused') return entry;
    const changed = wire?.(entry.wire) ?? entry.wire;
    const send = (frame: string) => {
      const passed = sent ? sent(frame, onText) : frame;
      if (passed !== undefined) entry.wire.send(passed);
    };
    return { kind: 'open', wire: { ...changed, send } };
  };
}

const swap =
  (one: string, other: string) =>
  (text: string): string =>
    text.replaceAll(one, other);

/** Frames with this member are changed. */
const frames =
  (member: 'event' | 'action', value: string, change: (frame: Members) => Members) =>
  (text: string): string => {
    const frame = membersOf(parsedFrame(text));
    return frame[member] === value ? JSON.stringify(change(frame)) : text;
  };

const arrays =
  (change: (all: readonly unknown[]) => readonly unknown[]) =>
  (text: string): string => {
    const all = parsedFrame(text);
    return Array.isArray(all) ? JSON.stringify(change(all)) : text;
  };

const withList =
  (name: string, change: (all: readonly unknown[]) => readonly unknown[]) => (frame: Members) => {
    const all = frame[name];
    return Array.isArray(all) ? { ...frame, [name]: change(all) } : frame;
  };

const reversed = withList('messages', (all) => all.toReversed());

const without = (name: string) => (frame: Members) => ({ ...frame, [name]: undefined });

const error = (code: string, other: string, status: number) =>
  frames('event', 'error', (frame) => (frame['code'] === code ? { ...frame, code: other, status } : frame));

const endsWith1006 = (wire: Wire): Wire => ({
  ...wire,
  closed: wire.closed.then((closing) => ({ ...closing, code: 1006 })),
});

/** Reads a position back as it was sent, instead of the furthest one. */
function positionsThatGoBack(): Fault {
  let seq: unknown;
  return {
    sent: frames('action', 'mark', (frame) => {
      seq = frame['seq'];
      return frame;
    }),
    text: frames('event', 'marked', (frame) => ({ ...frame, seq })),
  };
}

/** A client that has unsubscribed still gets a message, before it gets the pong. */
function lateMessages(): Fault {
  let channel: unknown;
  return {
    sent(text, reply) {
      const { action, channel: named } = membersOf(parsedFrame(text));
      if (action === 'unsubscribe') channel = named;
      if (action === 'ping' && channel !== undefined)
        reply(JSON.stringify({ event: 'messages', channel, messages: [{ seq: 1, data: 1, time: 1 }] }));
      return text;
    },
  };
}

/** By the names of the rules. */
export const faults: Readonly<Record<string, () => Fault>> = {
  'subprotocol-chosen': () => ({ wire: (wire) => ({ ...wire, protocol: '' }) }),
  'no-subprotocol': () => ({ wire: (wire) => ({ ...wire, protocol: 'fanfare.v1' }) }),
  'foreign-subprotocol': () => ({ handshake: () => ({}) }),
  'bad-token': () => ({ handshake: () => ({}) }),
  'two-tokens': () => ({ handshake: ({ query: _, ...handshake }) => handshake }),
  'token-places': () => ({ handshake: ({ headers: _, ...handshake }) => handshake }),
  'foreign-path': () => ({ handshake: ({ path: _, ...handshake }) => handshake }),

  ping: () => ({ text: swap('{"event":"pong"}', '{"event":"pong","id":1}') }),
  id: () => ({ text: swap('"id":"7"', '"id":7') }),
  'no-id': () => ({ text: frames('event', 'subscribed', (frame) => ({ id: 1, ...frame })) }),
  array: () => ({ text: arrays((all) => all.toReversed()) }),
  'array-in-order': () => ({ sent: arrays((all) => all.toReversed()) }),
  'too-many-commands': () => ({ sent: arrays((all) => all.slice(0, 3)) }),
  'unknown-fields': () => ({
    sent: (text) => (text.includes('colour') ? text.replace('subscribe', 'dance') : text),
  }),
  'unknown-action': () => ({ text: swap('"unknown-action"', '"not-found"') }),
  'data-or-messages': () => ({ sent: swap('"data":1,"messages":[{"data":1}]', '"data":1') }),

  'nothing-published': () => ({ text: swap('"seq":0', '"seq":1') }),
  'resumed-from-nothing': () => ({ text: swap('"recovered":true', '"recovered":false') }),
  resumed: () => ({
    text: frames(
      'event',
      'subscribed',
      withList('messages', (all) => all.slice(1)),
    ),
  }),
  'resumed-from-the-start': () => ({ text: frames('event', 'subscribed', without('first')) }),
  newest: () => ({ text: frames('event', 'subscribed', reversed) }),
  'newest-and-resumed': () => ({ sent: frames('action', 'subscribe', without('last')) }),
  'resumed-from-the-future': () => ({ text: swap('"recovered":false', '"recovered":true') }),
  live: () => ({ text: swap('hello', 'hullo') }),
  'no-sender': () => ({ text: swap('"time"', '"from":"ann","time"') }),
  sender: () => ({
    text: frames(
      'event',
      'messages',
      withList('messages', (all) => all.map((one) => without('from')(membersOf(one)))),
    ),
  }),
  numbered: () => ({
    text: frames('event', 'published', (frame) => ({ ...frame, seq: 2 * Number(frame['seq']) })),
  }),
  batch: () => ({
    text: frames(
      'event',
      'messages',
      withList('messages', (all) => all.slice(0, 1)),
    ),
  }),
  unsubscribed: lateMessages,
  text: () => ({ text: swap('🎺', '?') }),
  'any-json': () => ({ sent: swap('"data":null', '"data":{}') }),

  'newest-page': () => ({ text: frames('event', 'history', reversed) }),
  'page-after': () => ({ sent: swap('"after"', '"before"') }),
  'page-before': () => ({ text: frames('event', 'history', reversed) }),
  'from-the-start': () => ({ text: frames('event', 'history', without('first')) }),
  'page-limits': () => ({ sent: swap('"limit":1001', '"limit":10') }),
  mark: positionsThatGoBack,
  'mark-beyond': () => ({ sent: frames('action', 'mark', (frame) => ({ ...frame, seq: 0 })) }),
  'mark-anonymous': () => ({ text: error('unauthenticated', 'forbidden', 403) }),
  members: () => ({
    text: frames(
      'event',
      'members',
      withList('members', (all) => [...all, ...all]),
    ),
  }),

  'retry-key': () => ({ sent: frames('action', 'publish', without('key')) }),
  'keys-of-others': () => ({
    handshake: () => ({ protocols: ['fanfare.v1', 'fanfare.client.the-same-for-everyone'] }),
  }),
  'key-of-a-named-client': () => ({ handshake: () => ({}) }),
  'key-length': () => ({ sent: swap('"key":7', '"key":"7"') }),
  'unsafe-numbers': () => ({ sent: swap('1e400', '1') }),
  'safe-numbers': () => ({ text: swap('1e+21', '1e+20') }),

  malformed: () => ({ sent: (text) => (text === '7' ? '{"action":"ping"}' : text) }),
  depth: () => ({ sent: (text) => text.replace(/"data":\[+\]+/, '"data":1') }),
  'channel-names': () => ({ sent: swap(':a b', ':a') }),
  'unknown-namespace': () => ({ text: error('forbidden', 'bad-request', 400) }),
  'inbox-of-another': () => ({ text: error('forbidden', 'unauthenticated', 401) }),
  'inbox-without-user': () => ({ text: error('unauthenticated', 'forbidden', 403) }),
  'id-length': () => ({ sent: swap('"id":null', '"id":1') }),
  'rate-limited': () => ({
    text: arrays((all) => all.map((one) => without('retryAfter')(membersOf(one)))),
  }),
  'large-frame': () => ({ wire: endsWith1006 }),
  'binary-frame': () => ({ wire: endsWith1006 }),
};
