/** `useChannel` over the fake server: what a component shows of a channel, and what it sends. */

import type { Message } from 'fanfare-client';
import { type UseChannelOptions, type UsedChannel, useChannel } from 'fanfare-client/react';
import { createElement, type ReactElement } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { FakeServer, refusal, SILENCE } from '../fake-server.ts';
import { type Setup, type Shown, show } from './page.ts';

const ROOM = 'chat:room';

interface RoomProps extends UseChannelOptions {
  readonly name: string;
  readonly onRender: (channel: UsedChannel) => void;
}

/** One word for each row: the data, with `…` while it is being sent, and `!` if it has failed. */
function Room({ name, onRender, ...options }: RoomProps): ReactElement {
  const channel = useChannel(name, options);
  onRender(channel);
  const marks = { sending: '…', sent: '', failed: '!' };
  return createElement(
    'ul',
    null,
    channel.messages.map(({ key, data, status }) => createElement('li', { key }, `${data}${marks[status]} `)),
  );
}

interface ShownRoom extends Shown {
  /** What the hook has returned last. */
  channel(): UsedChannel;
  readonly renders: readonly UsedChannel[];
  words(): string;
  change(name: string, options?: UseChannelOptions): Promise<void>;
}

async function room(options: UseChannelOptions = {}, setup: Setup = {}, name = ROOM): Promise<ShownRoom> {
  const renders: UsedChannel[] = [];
  const element = (named: string, more: UseChannelOptions) =>
    createElement(Room, { name: named, onRender: (one: UsedChannel) => renders.push(one), ...more });
  const shown = await show(element(name, options), setup);
  return {
    ...shown,
    renders,
    channel() {
      const last = renders.at(-1);
      if (!last) throw new Error('Nothing was rendered.');
      return last;
    },
    words: () => shown.text().trim(),
    change: (named, more = {}) => shown.show(element(named, more)),
  };
}

/** A server that refuses one action. */
function refusing(refused: string): FakeServer {
  const server = new FakeServer();
  server.script = ({ action }) => (action === refused ? refusal('forbidden', 403) : undefined);
  return server;
}

const seqs = ({ messages }: UsedChannel) => messages.map(({ seq }) => seq);

describe('useChannel', () => {
  it('subscribes once in StrictMode, on one connection, and shows each message once', async () => {
    const { server, settled, words, warnings } = await room();
    await settled(() => {
      server.say(ROOM, 'one');
      server.say(ROOM, 'two');
    });

    expect(words()).toBe('one two');
    expect(server.sockets).toHaveLength(1);
    expect(server.commandsOf('subscribe')).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('renders once for all messages of one frame', async () => {
    const { server, settled, renders } = await room();
    const before = renders.length;
    const channel = server.channel(ROOM);
    const records = ['a', 'b', 'c'].map((data) => channel.append(data));
    await settled(() => server.push(ROOM, records));

    // StrictMode renders twice.
    expect(renders.length - before).toBe(2);
  });

  it('begins with the last messages of the history, without a second copy of what comes meanwhile', async () => {
    const server = new FakeServer();
    for (const data of ['a', 'b', 'c']) server.channel(ROOM).append(data);
    server.script = ({ action }) => {
      if (action === 'history') server.say(ROOM, 'd');
      return undefined;
    };
    const { channel, words } = await room({ last: 3 }, { server });

    expect(words()).toBe('b c d');
    expect(channel()).toMatchObject({ status: 'subscribed', hasOlder: true, isLoading: false });
  });

  it('brings what was missed while the connection was lost, once and in order', async () => {
    const { server, clock, settled, words, channel } = await room();
    await settled(() => server.say(ROOM, 1));
    await settled(() => server.socket.cut());
    for (const data of [2, 3]) server.channel(ROOM).append(data);
    await settled(() => clock.pass(500));
    await settled(() => server.say(ROOM, 4));

    expect(words()).toBe('1 2 3 4');
    expect(seqs(channel())).toEqual([101, 102, 103, 104]);
    expect(server.open).toHaveLength(1);
  });

  it('keeps its functions and its list until something changes', async () => {
    const { server, settled, change, channel } = await room();
    const first = channel();
    await change(ROOM);
    const second = channel();
    await settled(() => server.say(ROOM, 'new'));
    const third = channel();

    expect(second).toBe(first);
    expect(third.messages).not.toBe(first.messages);
    expect([third.publish, third.discard, third.loadOlder]).toEqual([
      first.publish,
      first.discard,
      first.loadOlder,
    ]);
  });

  it('unsubscribes and closes the connection when it is unmounted', async () => {
    const { server, clock, unmount } = await room();
    await unmount();

    expect(server.open).toEqual([]);
    expect(clock.planned).toBe(0);
  });

  it('leaves one channel for the other when the name changes, on the same connection', async () => {
    const { server, settled, change, words } = await room();
    await settled(() => server.say(ROOM, 'here'));
    await change('chat:other');
    await settled(() => {
      server.say(ROOM, 'not seen');
      server.say('chat:other', 'there');
    });

    expect(words()).toBe('there');
    expect(server.sockets).toHaveLength(1);
    expect(server.commandsOf('unsubscribe').map(({ channel }) => channel)).toEqual([ROOM]);
  });

  it('does not subscribe again when only the function for messages changes, and calls the newest one', async () => {
    const first = vi.fn();
    const second = vi.fn((_message: Message) => {});
    const { server, settled, change } = await room({ onMessage: first });
    await change(ROOM, { onMessage: second });
    await settled(() => server.say(ROOM, 'x'));

    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ data: 'x', seq: 101 }));
    expect(server.commandsOf('subscribe')).toHaveLength(1);
  });

  it('renders nothing for messages that only a function takes', async () => {
    const onMessage = vi.fn();
    const { server, settled, renders, channel } = await room({ keep: 0, onMessage }, {}, 'live:game');
    const before = renders.length;
    await settled(() => channel().publish('a position'));

    expect(onMessage).toHaveBeenCalledOnce();
    expect(renders.length).toBe(before);
    expect(server.commandsOf('history')).toEqual([]);
  });

  it('shows the refusal that has ended it', async () => {
    const { server, channel } = await room({}, { server: refusing('subscribe') });

    expect(channel()).toMatchObject({ status: 'ended', error: { code: 'forbidden' } });
    expect(server.sockets).toHaveLength(1);
  });

  it('shows which messages were deleted before they came', async () => {
    const { server, clock, settled, channel, words } = await room();
    await settled(() => server.say(ROOM, 'first'));
    await settled(() => server.socket.cut());
    for (const data of ['gone', 'gone too', 'kept']) server.channel(ROOM).append(data);
    server.channel(ROOM).expireTo(103);
    await settled(() => clock.pass(5_000));

    expect(words()).toBe('first kept');
    expect(channel().lost).toEqual({ from: 102, to: 103 });
  });
});

describe('a publish by useChannel', () => {
  it('is shown at once, and becomes the message that arrives, under the same key', async () => {
    const { server, settled, words, channel } = await room();
    server.script = ({ action }) => (action === 'publish' ? SILENCE : undefined);
    await settled(() => void channel().publish('mine'));
    expect(words()).toBe('mine…');
    const [sending] = channel().messages;
    await settled(() => server.say(ROOM, 'mine'));

    expect(words()).toBe('mine');
    expect(channel().messages).toMatchObject([{ key: sending?.key, seq: 101, status: 'sent' }]);
  });

  it('comes once when the acknowledgement is first and the message follows', async () => {
    const { server, settled, words, channel } = await room();
    server.script = ({ action }) => (action === 'publish' ? { event: 'published', seq: 101 } : undefined);
    await settled(() => channel().publish('mine'));
    expect(channel().messages).toMatchObject([{ seq: 101, status: 'sent', time: undefined }]);
    await settled(() => server.say(ROOM, 'mine'));

    expect(words()).toBe('mine');
    expect(channel().messages).toMatchObject([{ seq: 101, time: 0 }]);
  });

  it('keeps several in their order, each with its own number', async () => {
    const { settled, words, channel } = await room();
    const before = channel();
    await settled(() => Promise.all(['a', 'b', 'c'].map((data) => before.publish(data))));

    expect(words()).toBe('a b c');
    expect(seqs(channel())).toEqual([101, 102, 103]);
  });

  it('is not mistaken for the same text of another client', async () => {
    const { server, settled, channel } = await room();
    server.script = ({ action }) => (action === 'publish' ? SILENCE : undefined);
    await settled(() => void channel().publish('hello'));
    const [own] = channel().messages;
    // Another client was faster.
    await settled(() => server.say(ROOM, 'hello'));
    server.script = () => undefined;
    const { id } = server.commandsOf('publish')[0] ?? {};
    await settled(() => {
      server.say(ROOM, 'hello');
      server.socket.push({ event: 'published', channel: ROOM, seq: 102, id });
    });

    expect(channel().messages.map(({ key, seq }) => [key, seq])).toEqual([
      ['101', 101],
      [own?.key, 102],
    ]);
  });

  it('waits behind the messages while the connection is lost, and lands once', async () => {
    const { server, clock, settled, words, channel } = await room();
    await settled(() => server.say(ROOM, 'before'));
    await settled(() => server.socket.cut());
    await settled(() => void channel().publish('in the dark'));
    server.channel(ROOM).append('meanwhile');
    expect(words()).toBe('before in the dark…');
    await settled(() => clock.pass(500));

    expect(words()).toBe('before meanwhile in the dark');
    expect(seqs(channel())).toEqual([101, 102, 103]);
  });

  it('lands once when its acknowledgement was lost with the connection', async () => {
    const { server, clock, settled, words, channel } = await room();
    server.lostReplies = 1;
    await settled(() => void channel().publish('once'));
    await settled(() => server.socket.cut());
    await settled(() => clock.pass(500));

    expect(words()).toBe('once');
    expect(channel().messages).toMatchObject([{ seq: 101, status: 'sent' }]);
  });

  it('stays as a row that has failed when it is refused, and lands when it is tried again', async () => {
    const { server, settled, words, channel, warnings } = await room({}, { server: refusing('publish') });
    await settled(() => void channel().publish('mine'));
    expect(words()).toBe('mine!');
    const [failed] = channel().messages;
    expect(failed?.error).toMatchObject({ code: 'forbidden' });
    server.script = () => undefined;
    await settled(() => void channel().publish(failed?.data, { key: failed?.key ?? '' }));

    expect(words()).toBe('mine');
    expect(channel().messages).toMatchObject([{ key: failed?.key, seq: 101, error: undefined }]);
    expect(warnings).toEqual([]);
  });

  it('can be discarded when it has failed', async () => {
    const { settled, words, channel } = await room({}, { server: refusing('publish') });
    await settled(() => void channel().publish('mine'));
    await settled(() => channel().discard(channel().messages[0]?.key ?? ''));

    expect(words()).toBe('');
  });

  it('is refused when it is not JSON, and by a component that is not there any more', async () => {
    const { settled, channel, unmount, words } = await room();
    const { publish } = channel();
    await settled(() => void publish(undefined));
    expect(words()).toBe('undefined!');
    await unmount();

    await expect(publish('late')).rejects.toMatchObject({ code: 'closed' });
  });

  it('is one row in a channel without numbers, however its message and its acknowledgement come', async () => {
    const { server, settled, words, channel } = await room({}, {}, 'live:x');
    await settled(() => channel().publish('a'));
    server.script = ({ action }) => (action === 'publish' ? { event: 'published' } : undefined);
    await settled(() => channel().publish('b'));
    await settled(() =>
      server.socket.push({ event: 'messages', channel: 'live:x', messages: [{ data: 'b', time: 0 }] }),
    );

    expect(words()).toBe('a b');
    expect(channel().messages.every(({ status }) => status === 'sent')).toBe(true);
  });
});

describe('the list of useChannel', () => {
  it('grows at its old end, page by page', async () => {
    const server = new FakeServer();
    for (let data = 1; data <= 7; data += 1) server.channel(ROOM).append(data);
    const { settled, words, channel } = await room({ last: 3 }, { server });
    expect(words()).toBe('5 6 7');
    await settled(() => channel().loadOlder(2));
    expect(words()).toBe('3 4 5 6 7');
    await settled(() => channel().loadOlder(2));

    expect(words()).toBe('1 2 3 4 5 6 7');
    expect(channel().hasOlder).toBe(false);
  });

  it('loses its oldest rows when there are too many, and reads them again', async () => {
    const { server, settled, words, channel } = await room({ keep: 2 });
    for (const data of ['a', 'b', 'c', 'd']) await settled(() => server.say(ROOM, data));
    expect(words()).toBe('c d');
    expect(channel().hasOlder).toBe(true);
    await settled(() => channel().loadOlder(50));

    expect(words()).toBe('a b c d');
  });

  it('says why its history could not be read, and goes on with what comes', async () => {
    const { server, settled, words, channel } = await room({ last: 3 }, { server: refusing('history') });
    await settled(() => server.say(ROOM, 'new'));

    expect(channel()).toMatchObject({
      historyError: { code: 'forbidden' },
      isLoading: false,
      error: undefined,
    });
    expect(words()).toBe('new');
  });
});
